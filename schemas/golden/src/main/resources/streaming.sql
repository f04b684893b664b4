INSERT INTO types VALUES (2,
  true, -32768, 2147483647, -9223372036854775808, 42,
  1.5, 0.1,
  -1234567890.12, 1234567890123456789012345678.0123456789, 123456789012345678901234567890123456789012345678901234.5, 3.14159265358979323846, 12300, 0.00123,
  '$1,234.56',
  E'Grüße 東京 🚚\n|\\', 'varchar', 'ab', 'a name',
  '\xdeadbeef00', '2024-02-29', '13:05:07.123456', '13:05:07.123', '13:05:07.123456+02',
  '2024-02-29 13:05:07.123456', '2024-02-29 13:05:07.123', '2024-02-29 13:05:07.123456+02', '1 year 2 mons 3 days 04:05:06.7',
  'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11', '{"a" : 1}', '{"b": [1, null]}', '<a>1</a>', 'very happy',
  B'1', B'1010101010', B'101',
  '192.168.0.1/24', '10.0.0.0/8', '08:00:2b:01:02:03', 4294967295, '(1.5,-2)', '((0,0),(1,1))', '[1,5)', 'a fat cat', ROW(1,'x'), 'k=>v, n=>NULL',
  '{1,NULL,3}', '{9223372036854775807}', '{a,NULL,"c,d",""}', '{x}', '{t,f,NULL}', '{1.5,NaN}', '{1.50,NULL}', '{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}', '{2024-02-29,NULL}', '{13:05:07.5}', '{2024-02-29 13:05:07.5}', '{2024-02-29 13:05:07.5+00}', '{"\\xdead"}', '{sad,"very happy"}', ARRAY['{"a":1}'::json], ARRAY['{"a": 1}'::jsonb]);
INSERT INTO types (id, t_real, t_double, t_numeric, t_numeric_free, t_date, t_timestamp3, t_timestamp, t_timestamptz, t_time, a_int, a_text) VALUES (3, 'NaN', '-Infinity', 'NaN', NULL, 'infinity', 'infinity', 'infinity', 'infinity', '24:00:00', '{}', '{}');
INSERT INTO types (id, t_date, t_timestamp, t_timestamptz, t_numeric) VALUES (4, '-infinity', '-infinity', '-infinity', 0);
INSERT INTO types (id, t_date, t_timestamp, t_timestamptz) VALUES (5, '0044-03-15 BC', '0044-03-15 12:00:00 BC', '0044-03-15 12:00:00+00 BC');
INSERT INTO types (id, t_date, t_timestamp, t_timestamptz) VALUES (6, '12024-02-29', '12024-02-29 12:00:00.000001', '12024-02-29 12:00:00.000001+00');
INSERT INTO types (id, t_numeric_free) VALUES (7, 'NaN');
INSERT INTO types (id, a_int, a_text) VALUES (8, '{{1,2},{3,4}}', '{{a,b},{c,d}}');
INSERT INTO types (id, t_timestamp, t_timestamptz, t_date) VALUES (9, '1969-12-31 23:59:59.999999', '1969-12-31 23:59:59.999999+00', '1969-12-31');
DO $$ BEGIN INSERT INTO items VALUES ('acme', 2, 'rope', 'long'); UPDATE items SET note = 'short' WHERE item_id = 1; UPDATE items SET item_id = 3 WHERE item_id = 2; DELETE FROM items WHERE item_id = 3; END $$;
INSERT INTO free_numerics VALUES (1, '{1.234,5}');
INSERT INTO audited VALUES (1, 'new');
UPDATE audited SET state = 'old';
DELETE FROM audited;
INSERT INTO "Odd-Table" VALUES (1, 'XL', 'c');
INSERT INTO toasted SELECT 1, 1, repeat('t', 5000), convert_to(repeat('b', 5000), 'UTF8'), jsonb_build_object('k', repeat('j', 5000)), json_build_object('k', repeat('x', 5000)), hstore('k', repeat('h', 5000)), repeat('9', 20000)::numeric,
  array_fill('a text'::text, ARRAY[900]), array_fill(7, ARRAY[2000]), array_fill(7::bigint, ARRAY[1000]), array_fill('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid, ARRAY[500]), array_fill('\xdead'::bytea, ARRAY[900]), array_fill(1.5::numeric(10,2), ARRAY[900]), array_fill(1.5::double precision, ARRAY[900]), array_fill('2024-02-29 00:00:00'::timestamp, ARRAY[900]), array_fill('2024-02-29'::date, ARRAY[1500]), array_fill(true, ARRAY[5000]), array_fill('{"a":1}'::jsonb, ARRAY[300]), array_fill('2024-02-29 00:00:00+00'::timestamptz, ARRAY[900]), array_fill(7::smallint, ARRAY[3000]);
UPDATE toasted SET n = 2;
UPDATE toasted SET t = '__debezium_unavailable_value', n = 3;
ALTER TABLE items ADD COLUMN weight numeric(6,3);
INSERT INTO items VALUES ('acme', 9, 'feather', NULL, 0.001);
SELECT pg_logical_emit_message(true, 'prefix', 'content');
TRUNCATE items;
TRUNCATE done;
