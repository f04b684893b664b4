CREATE TABLE item (id bigint PRIMARY KEY, name text NOT NULL, note text);
INSERT INTO item SELECT i, 'item ' || i, CASE WHEN i % 3 = 0 THEN repeat('🦊', i) END FROM generate_series(1, 300) i;

-- Two badges never have one code, says the pipeline file.
CREATE TABLE badge (id bigint PRIMARY KEY, code text);
