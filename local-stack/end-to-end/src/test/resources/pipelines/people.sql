
-- Masked in the pipeline file, all but the town: their values must be found nowhere.
CREATE TABLE people (
    mail  text PRIMARY KEY,
    name  text,
    phone text,
    card  text,
    notes text,
    code  text,
    town  text,
    age   int
);
