-- 0: someone of whom no sound ID number is known; the identity holds birth date, sex and the number as it was written.
ALTER TABLE person ADD COLUMN numbered BIGINT NOT NULL DEFAULT 1;
CREATE INDEX person_unnumbered ON person (id) WHERE numbered = 0;
