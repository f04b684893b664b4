CREATE TABLE items (
  id        integer PRIMARY KEY,
  name      text NOT NULL,
  amount    integer,
  ratio     real,
  price     numeric(8, 2),
  obsolete  text,
  wild      text,
  body      text
);
INSERT INTO items SELECT i, 'name ' || i, i, i / 7.0, i, 'old ' || i, 'wild ' || i,
  (SELECT string_agg(md5((i * n)::text), '') FROM generate_series(1, 100) n) FROM generate_series(1, 400) i;

CREATE TABLE vectors (id bigint PRIMARY KEY, amount integer, name text);
INSERT INTO vectors SELECT i, i, 'v' || i FROM generate_series(1, 400) i;

CREATE TABLE strict (id integer PRIMARY KEY, amount integer, code text);
INSERT INTO strict SELECT i, i, i::text FROM generate_series(1, 100) i;

CREATE TABLE comeback (id integer PRIMARY KEY, wild text);
INSERT INTO comeback SELECT i, 'wild ' || i FROM generate_series(1, 100) i;

CREATE TABLE rekeyed (id integer PRIMARY KEY, code text NOT NULL UNIQUE, amount integer);
INSERT INTO rekeyed SELECT i, 'code ' || i, i FROM generate_series(1, 100) i;

CREATE TABLE log_first (day date, no integer, amount integer, PRIMARY KEY (day, no));
INSERT INTO log_first SELECT date '2026-01-01' + i % 5, i, i FROM generate_series(1, 50) i;
CREATE TABLE log_keyless (id integer);
