-- What happens to the rows of types.sql while they are captured.
INSERT INTO every_type SELECT id + 100, a_boolean, a_smallint, an_integer, a_bigint, a_real, a_double, a_numeric, an_amount,
  a_text, a_varchar, a_char, some_bytes, a_date, a_time, a_timestamp, a_timestamptz, a_uuid, a_jsonb, some_texts,
  some_numbers, a_mood FROM every_type WHERE id < 100;
UPDATE every_type SET a_boolean = NOT a_boolean, a_text = NULL, some_texts = NULL, a_mood = 'so so', a_time = '12:00:00.000001'
  WHERE id IN (2, 103);
UPDATE every_type SET a_boolean = true, a_smallint = 0, an_integer = 0, a_bigint = 0, a_real = 0, a_double = 0, a_numeric = 0,
  an_amount = 0, a_text = '∅', a_varchar = ' padded ', a_char = 'x', some_bytes = '\xdeadbeef', a_date = '1970-01-01',
  a_time = '24:00:00', a_timestamp = '1969-12-31 23:59:59.999999', a_timestamptz = '1970-01-01 00:00:00.000001+14',
  a_uuid = '123E4567-E89B-12D3-A456-426614174000', a_jsonb = '[]', some_texts = '{NULL}', some_numbers = '{1,2,3}',
  a_mood = 'happy' WHERE id = 1;
UPDATE every_type SET id = 900 WHERE id = 3;
UPDATE every_type SET id = id + 1000 WHERE id IN (104, 105);
DELETE FROM every_type WHERE id IN (7, 108);
BEGIN;
DELETE FROM every_type WHERE id = 8;
INSERT INTO every_type (id, a_text) VALUES (8, 'back again');
COMMIT;
BEGIN;
INSERT INTO every_type (id, a_text) VALUES (5000, 'never was');
ROLLBACK;

INSERT INTO composite_key VALUES ('', '0a0a0a0a-0000-0000-0000-000000000002', '0001-01-01', NULL),
  ('🦊', '0a0a0a0a-0000-0000-0000-000000000003', '9999-12-31', ''),
  (repeat('long ', 150), '0a0a0a0a-0000-0000-0000-000000000004', '2000-01-01', 'over 512 bytes');
UPDATE composite_key SET part_day = '2024-03-01', note = 'moved' WHERE part_one = 'a|b\c';

INSERT INTO large_rows SELECT 1, 'five megabytes',
  (SELECT string_agg(md5(n::text), '') FROM generate_series(1, 160000) n),
  (SELECT array_agg(sqrt(n)) FROM generate_series(1, 3000) n),
  (SELECT array_agg(timestamptz '2024-02-29 00:00:00Z' + n * interval '1 s') FROM generate_series(1, 3000) n);
INSERT INTO large_rows SELECT 2, 'two megabytes', (SELECT string_agg(md5(n::text), ' ') FROM generate_series(1, 60000) n);
UPDATE large_rows SET title = 'five megabytes, untouched' WHERE id = 1;
INSERT INTO large_rows VALUES (3, 'small', 'small');
DELETE FROM large_rows WHERE id = 2;

INSERT INTO rare_types SELECT id + 10, "valid to", a_money, a_bit, some_bits, a_point, a_circle, some_boxes, a_pair, some_pairs,
  a_share, a_range, a_map, a_span, a_day, some_days, "_id", "a.b", a FROM ONLY rare_types;
UPDATE rare_types SET "valid to" = '2025-01-01', "_id" = 'moved', "a.b" = NULL WHERE id = 3;
UPDATE rare_types SET a_map = hstore('k', repeat('"', 9000)), a_day = '-infinity', a_money = 0, some_bits = B'000000000000';
DELETE FROM rare_types WHERE id IN (2, 11) AND "valid to" <> 'infinity';
