CREATE TABLE types (
  id bigint PRIMARY KEY,
  t_bool boolean, t_tiny tinyint, t_utiny tinyint unsigned, t_small smallint, t_usmall smallint unsigned,
  t_medium mediumint, t_umedium mediumint unsigned, t_int int, t_uint int unsigned, t_big bigint, t_ubig bigint unsigned,
  t_year year,
  t_decimal decimal(12,2), t_decimal38 decimal(38,10), t_decimal65 decimal(65,30), t_udecimal decimal(10,3) unsigned,
  t_float float, t_double double,
  t_char char(10), t_varchar varchar(200), t_latin varchar(50) CHARACTER SET latin1,
  t_tinytext tinytext, t_text text, t_mediumtext mediumtext, t_longtext longtext,
  t_binary binary(6), t_varbinary varbinary(20), t_tinyblob tinyblob, t_blob blob, t_mediumblob mediumblob, t_longblob longblob,
  t_enum enum('sad','ok','so, so'), t_set set('a','b','c'), t_json json,
  t_date date, t_time time, t_time3 time(3), t_time6 time(6),
  t_datetime datetime, t_datetime3 datetime(3), t_datetime6 datetime(6),
  t_timestamp timestamp NULL, t_timestamp3 timestamp(3) NULL, t_timestamp6 timestamp(6) NULL,
  t_bit bit(1), t_bits bit(12),
  t_point point, t_geometry geometry, t_uuid uuid,
  t_sum int GENERATED ALWAYS AS (t_int DIV 2) STORED
);
CREATE TABLE items (
  tenant varchar(20) NOT NULL, item_id int unsigned NOT NULL, name text NOT NULL DEFAULT 'unnamed', note text,
  PRIMARY KEY (tenant, item_id)
);
CREATE TABLE done (id int PRIMARY KEY);
INSERT INTO types (id) VALUES (1);
INSERT INTO types VALUES (2, true, -128, 255, -32768, 65535, -8388608, 16777215, -2147483648, 4294967295, -9223372036854775808, 18446744073709551615,
  2024, 1234567890.12, 1234567890123456789012345678.0123456789, 12345678901234567890123456789012345.012345678901234567890123456789, 1.250,
  0.125, 0.12345678901234567, 'ab ', 'żółć 🚚', 'é', 'tiny', 'text', 'medium', 'long',
  x'00ff00', x'0001ff00', x'00', x'ff00', x'01', x'02', 'ok', 'c,a', '{ "a" :1,  "b": [true, null, "x"]}',
  '2024-02-29', '13:05:07', '13:05:07.123', '13:05:07.123456', '2024-02-29 13:05:07', '2024-02-29 13:05:07.123', '2024-02-29 13:05:07.123456',
  '2024-02-29 13:05:07', '2024-02-29 13:05:07.123', '2024-02-29 13:05:07.123456', b'1', b'101000000001',
  ST_GeomFromText('POINT(1.5 2.5)'), ST_GeomFromText('LINESTRING(1 2, 3 4)', 4326), '6CCD780C-BABA-1026-9564-5B8C656024DB', DEFAULT);
INSERT INTO types (id, t_date, t_time, t_time3, t_time6, t_datetime, t_datetime6, t_char, t_varchar, t_text, t_varbinary, t_set, t_float, t_double, t_bits, t_decimal) VALUES
  (3, '0000-00-00', '-838:59:59', '-00:00:00.5', '838:59:59', '0000-00-00', '0000-00-00', '', '', '', '', '', -1.5, 1.7976931348623157e308, 0, -0.01),
  (4, '9999-12-31', '25:00:00', '24:00:00', '-01:02:03.000001', '9999-12-31 23:59:59', '1000-01-01 00:00:00.000001', ' lead', ' trail ', 'a''b"c\\d', x'00', 'b', 3.4028235e38, -0.1, 4095, 0);
INSERT INTO done VALUES (1);
