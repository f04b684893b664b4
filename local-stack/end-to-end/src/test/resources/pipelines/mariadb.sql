SET SESSION sql_mode = '';
CREATE TABLE item (id bigint PRIMARY KEY, name text NOT NULL, note longtext);
INSERT INTO item SELECT seq, concat('item ', seq), NULL FROM seq_1_to_200;
CREATE TABLE every_type (
    id bigint unsigned PRIMARY KEY,
    a_boolean boolean,
    a_tinyint tinyint, an_unsigned_tinyint tinyint unsigned,
    a_smallint smallint, an_unsigned_smallint smallint unsigned,
    a_mediumint mediumint, an_unsigned_mediumint mediumint unsigned,
    an_int int, an_unsigned_int int unsigned,
    a_bigint bigint, an_unsigned_bigint bigint unsigned,
    a_decimal decimal(12,2), a_wide_decimal decimal(38,10), a_wider_decimal decimal(65,30),
    a_float float, a_double double,
    a_char char(10), a_varchar varchar(200), a_latin varchar(50) CHARACTER SET latin1, a_text text, a_longtext longtext,
    a_binary binary(6), a_varbinary varbinary(20), a_blob blob,
    an_enum enum('sad', 'ok', 'so, so', 'back\\slash'), a_set set('a', 'b', 'c'),
    a_json json,
    a_date date, a_time time, a_time_6 time(6),
    a_datetime datetime, a_datetime_3 datetime(3), a_datetime_6 datetime(6),
    a_timestamp timestamp NULL, a_timestamp_6 timestamp(6) NULL,
    a_year year,
    a_bit bit(1), some_bits bit(12),
    a_uuid uuid,
    a_point point, a_geometry geometry,
    a_sum int GENERATED ALWAYS AS (an_int + 1) STORED,
    a_needed_date date NOT NULL
);
CREATE TABLE composite_key (
    part_one varchar(40) COLLATE utf8mb4_bin,
    part_two uuid,
    part_day date,
    value text,
    PRIMARY KEY (part_one, part_two, part_day)
);
INSERT INTO every_type (id, a_needed_date) VALUES (1, '2000-01-01');
INSERT INTO every_type VALUES (
    18446744073709551615, true, -128, 255, -32768, 65535, -8388608, 16777215, -2147483648, 4294967295,
    -9223372036854775808, 18446744073709551615,
    1234567890.12, 1234567890123456789012345678.0123456789, 12345678901234567890123456789012345.012345678901234567890123456789,
    0.1234567891, 0.12345678901234567,
    'ab ', 'żółć 🚚', 'é', repeat('t', 300), 'long',
    x'00ff00', x'0001ff00', x'ff00',
    'so, so', 'c,a', '{ "a" :1,  "b": [true, null, "x"]}',
    '2024-02-29', '13:05:07', '13:05:07.123456',
    '2024-02-29 13:05:07', '2024-02-29 13:05:07.123', '2024-02-29 13:05:07.123456',
    '2024-02-29 13:05:07', '2024-02-29 13:05:07.123456',
    2024, b'1', b'101000000001', '6CCD780C-BABA-1026-9564-5B8C656024DB',
    ST_GeomFromText('POINT(1.5 2.5)'), ST_GeomFromText('LINESTRING(1 2, 3 4)', 4326),
    DEFAULT, '1969-12-31');
INSERT INTO every_type (id, a_time, a_time_6, a_date, a_datetime, a_datetime_6, a_year, a_char, a_varchar, a_text, a_varbinary,
        an_enum, a_set, a_float, a_double, some_bits, a_decimal, an_unsigned_bigint, a_needed_date) VALUES
    (3, '-838:59:59', '-00:00:00.5', '0000-00-00', '0000-00-00', '0000-00-00', 0, '', '', '', '', 'back\\slash', '',
        -1.17549e-38, 1.7976931348623157e308, 0, -0.01, 0, '0000-00-00'),
    (4, '838:59:59', '25:00:00.000001', '9999-12-31', '9999-12-31 23:59:59', '1000-01-01 00:00:00.000001', 1901, ' lead', ' trail ',
        'a''b"c\\d', x'00', 'sad', 'b', 3.4028235e38, -0.1, 4095, 0, 1, '1000-01-01');
INSERT INTO composite_key VALUES
    ('a', '00000000-0000-0000-0000-000000000001', '2024-01-01', 'first'),
    ('A', '00000000-0000-0000-0000-000000000001', '2024-01-01', 'second'),
    ('🚚', 'ffffffff-ffff-ffff-ffff-ffffffffffff', '2024-01-01', 'third');
