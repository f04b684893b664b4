CREATE EXTENSION IF NOT EXISTS hstore;
CREATE TYPE mood AS ENUM ('sad', 'ok', 'very happy');
CREATE DOMAIN small AS integer CHECK (VALUE < 100);
CREATE TYPE pair AS (a int, b text);
CREATE TABLE types (
  id bigint PRIMARY KEY,
  t_bool boolean, t_int2 smallint, t_int4 integer, t_int8 bigint, t_small small,
  t_real real, t_double double precision,
  t_numeric numeric(12,2), t_numeric38 numeric(38,10), t_numeric60 numeric(60,5), t_numeric_free numeric, t_numeric_neg numeric(5,-2), t_numeric_frac numeric(3,5),
  t_money money,
  t_text text, t_varchar varchar(20), t_char char(5), t_name name,
  t_bytea bytea, t_date date, t_time time, t_time3 time(3), t_timetz timetz,
  t_timestamp timestamp, t_timestamp3 timestamp(3), t_timestamptz timestamptz, t_interval interval,
  t_uuid uuid, t_json json, t_jsonb jsonb, t_xml xml, t_mood mood,
  t_bit bit(1), t_bits bit(10), t_varbit varbit(10),
  t_inet inet, t_cidr cidr, t_macaddr macaddr, t_oid oid, t_point point, t_box box, t_range int4range, t_tsvector tsvector, t_pair pair, t_hstore hstore,
  a_int integer[], a_big bigint[], a_text text[], a_varchar varchar(9)[], a_bool boolean[], a_double double precision[], a_numeric numeric(10,2)[], a_uuid uuid[], a_date date[], a_time time[], a_timestamp timestamp[], a_timestamptz timestamptz[], a_bytea bytea[], a_mood mood[], a_json json[], a_jsonb jsonb[]
);
CREATE TABLE free_numerics (id integer PRIMARY KEY, a_numeric_free numeric[]);
CREATE TABLE items (
  tenant text NOT NULL, item_id integer NOT NULL, name text NOT NULL DEFAULT 'unnamed', note text,
  PRIMARY KEY (tenant, item_id)
);
CREATE TABLE audited (id integer PRIMARY KEY, state text);
ALTER TABLE audited REPLICA IDENTITY FULL;
CREATE TABLE "Odd-Table" ("Order-Id" integer PRIMARY KEY, "größe" text, "a b" text);
CREATE TABLE toasted (
  id integer PRIMARY KEY, n integer, t text, b bytea, j jsonb, x json, h hstore, num numeric,
  a_text text[], a_int integer[], a_big bigint[], a_uuid uuid[], a_bytea bytea[], a_numeric numeric(10,2)[], a_double double precision[], a_timestamp timestamp[], a_date date[], a_bool boolean[], a_jsonb jsonb[], a_timestamptz timestamptz[], a_small smallint[]
);
ALTER TABLE toasted ALTER COLUMN t SET STORAGE EXTERNAL, ALTER COLUMN b SET STORAGE EXTERNAL, ALTER COLUMN j SET STORAGE EXTERNAL, ALTER COLUMN x SET STORAGE EXTERNAL, ALTER COLUMN h SET STORAGE EXTERNAL, ALTER COLUMN num SET STORAGE EXTERNAL;
ALTER TABLE toasted ALTER COLUMN a_text SET STORAGE EXTERNAL, ALTER COLUMN a_int SET STORAGE EXTERNAL, ALTER COLUMN a_big SET STORAGE EXTERNAL, ALTER COLUMN a_uuid SET STORAGE EXTERNAL, ALTER COLUMN a_bytea SET STORAGE EXTERNAL, ALTER COLUMN a_numeric SET STORAGE EXTERNAL, ALTER COLUMN a_double SET STORAGE EXTERNAL, ALTER COLUMN a_timestamp SET STORAGE EXTERNAL, ALTER COLUMN a_date SET STORAGE EXTERNAL, ALTER COLUMN a_bool SET STORAGE EXTERNAL, ALTER COLUMN a_jsonb SET STORAGE EXTERNAL, ALTER COLUMN a_timestamptz SET STORAGE EXTERNAL, ALTER COLUMN a_small SET STORAGE EXTERNAL;
CREATE TABLE zz_done (id integer);
ALTER TABLE zz_done RENAME TO done;
INSERT INTO items VALUES ('acme', 1, 'anvil', NULL);
INSERT INTO types (id) VALUES (1);
INSERT INTO types (id, t_date, t_timestamp, t_timestamp3, t_timestamptz, t_real, t_numeric, t_time) VALUES (11, 'infinity', 'infinity', 'infinity', 'infinity', 'NaN', 'NaN', '24:00:00');
INSERT INTO types (id, t_date, t_timestamp, t_timestamp3, t_timestamptz) VALUES (12, '-infinity', '-infinity', '-infinity', '-infinity');
INSERT INTO types (id, t_date, t_timestamp, t_timestamptz) VALUES (13, '0044-03-15 BC', '0044-03-15 12:00:00 BC', '0044-03-15 12:00:00+00 BC');
INSERT INTO done VALUES (1);
