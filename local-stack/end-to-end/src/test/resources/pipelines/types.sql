-- A table that the product has never seen, with a column of every everyday type.
CREATE TYPE mood AS ENUM ('happy', 'so so', 'müde 🥱', '');
CREATE TABLE every_type (
  id             bigint PRIMARY KEY,
  a_boolean      boolean,
  a_smallint     smallint,
  an_integer     integer,
  a_bigint       bigint,
  a_real         real,
  a_double       double precision,
  a_numeric      numeric(38, 10),
  an_amount      numeric(12, 2),
  a_text         text,
  a_varchar      varchar(40),
  a_char         char(6),
  some_bytes     bytea,
  a_date         date,
  a_time         time,
  a_timestamp    timestamp,
  a_timestamptz  timestamptz,
  a_uuid         uuid,
  a_jsonb        jsonb,
  some_texts     text[],
  some_numbers   bigint[],
  a_mood         mood
);

-- Rows that the snapshot reads.
INSERT INTO every_type (id) VALUES (1);
INSERT INTO every_type VALUES (2, true, 32767, 2147483647, 9223372036854775807, 3.4028235e38, 1.7976931348623157e308,
  9999999999999999999999999999.9999999999, 9999999999.99, '', '', '', '', '9999-12-31', '23:59:59.999999',
  '9999-12-31 23:59:59.999999', '9999-12-31 23:59:59.999999+00', 'ffffffff-ffff-ffff-ffff-ffffffffffff', '{}', '{}', '{}', '');
INSERT INTO every_type VALUES (3, false, -32768, -2147483648, -9223372036854775808, -1.4e-45, -4.9e-324,
  -0.0000000001, -0.01, 'it''s "quoted" \ back' || chr(10) || 'new line', '👩‍👩‍👧 e' || U&'\0301', 'ab', '\x00ff7f80',
  '0001-01-01', '00:00:00', '0001-01-01 00:00:00', '0001-01-01 00:00:00+00', '00000000-0000-0000-0000-000000000000',
  '{"a": [1, 2.50, null, "x\"y"], "": {"é": true}}', ARRAY['', NULL, 'a,b', '{c}', 'd"e\f'], ARRAY[NULL, 0, -1]::bigint[],
  'müde 🥱');
INSERT INTO every_type (id, a_real, a_double) VALUES (4, 'NaN', 'NaN'), (5, 'Infinity', '-Infinity'), (6, '-0', '-0'),
  (7, 0.1, 0.1), (8, 16777216, 1e22);

-- A key of several columns, of types that are no numbers.
CREATE TABLE composite_key (
  part_one  text,
  part_two  uuid,
  part_day  date,
  note      text,
  PRIMARY KEY (part_one, part_two, part_day)
);
INSERT INTO composite_key VALUES ('a|b\c', '0a0a0a0a-0000-0000-0000-000000000001', '2024-02-29', 'snapshot');

-- Rows that are larger than Kinesis takes.
CREATE TABLE large_rows (
  id      integer PRIMARY KEY,
  title   text NOT NULL,
  content text NOT NULL
);
