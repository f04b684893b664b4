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
  content text NOT NULL,
  points  double precision[] NOT NULL DEFAULT '{}',
  moments timestamptz[]
);

-- Types that the targets have as bytes or as texts of another form, values without bounds, columns whose names mean something
-- to an index, and a table that inherits.
CREATE EXTENSION hstore;
CREATE DOMAIN percent AS numeric(5, 2) CHECK (VALUE BETWEEN 0 AND 100);
CREATE DOMAIN share AS percent;
CREATE TYPE pair AS (a int, b text);
CREATE TABLE rare_types (
  id          int,
  "valid to"  timestamptz,
  a_money     money,
  a_bit       bit(1),
  some_bits   bit(12),
  a_point     point,
  a_circle    circle,
  some_boxes  box[],
  a_pair      pair,
  some_pairs  pair[],
  a_share     share,
  a_range     numrange,
  a_map       hstore,
  a_span      interval,
  a_day       date,
  some_days   date[],
  "_id"       text,
  "a.b"       text,
  a           text,
  free        numeric DEFAULT 1.50,
  some_free   numeric[] DEFAULT '{100.00,0.0,NULL}',
  some_moneys money[] DEFAULT '{$1.50,"-$1,234.00",NULL}',
  some_spans  interval[] DEFAULT '{1 year -2 days 03:00,NULL}',
  some_hours  time[] DEFAULT '{24:00,00:00:00.000001,NULL}',
  some_moments timestamptz[] DEFAULT '{infinity,0044-03-15 12:00:00+00 BC,NULL}',
  some_moods  mood[] DEFAULT '{happy,NULL}',
  some_points point[] DEFAULT '{"(1.5,-2)",NULL}',
  some_codes  varbit[] DEFAULT '{101,NULL}',
  some_sheets xml[] DEFAULT '{<a>1</a>,NULL}',
  stored      int GENERATED ALWAYS AS (id * 2) STORED,
  computed    int GENERATED ALWAYS AS (id * 3) VIRTUAL,
  PRIMARY KEY (id, "valid to")
);
INSERT INTO rare_types (id, "valid to") VALUES (1, 'infinity'), (1, '-infinity'), (2, '2024-02-29'), (4, '1500-02-28');
INSERT INTO rare_types VALUES (3, 'infinity', '-$1,234.50', B'1', B'000000000101', '(1.5,-2)', '<(0,1e20),2>',
  '{(1,1),(0,0);(2.5,2),(0,0)}', '(3,"a ""b""")', '{"(1,x)","(,)"}', 12.5, '(1.5,2.5]', 'k=>"v, \"w\"", n=>NULL',
  '1 year -2 days 03:00', 'infinity', '{infinity,NULL,2024-02-29}', 'i', 'dot', 'plain');
CREATE TABLE rare_heirs (PRIMARY KEY (id, "valid to")) INHERITS (rare_types);
INSERT INTO rare_heirs (id, "valid to", a) VALUES (1, 'infinity', 'the heir''s own');
