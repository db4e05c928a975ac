-- What each source said of everyone on a day, sealed, in parts: a column is one. Made anew whenever it is lost.
CREATE TABLE snapshot_kept (
    made BIGINT NOT NULL,
    source TEXT NOT NULL,
    part BIGINT NOT NULL,
    sealed BYTEA NOT NULL,
    PRIMARY KEY (made, source, part)
);
-- Of which day, how it was read, and the first statement, person, linked row and entry of snapshot_astray that are not in it.
CREATE TABLE snapshot_kept_head (
    made BIGINT PRIMARY KEY,
    reading TEXT NOT NULL,
    as_of TEXT NOT NULL,
    statement BIGINT NOT NULL,
    person BIGINT NOT NULL,
    link BIGINT NOT NULL,
    astray BIGINT NOT NULL
);
-- Of whom a list that had been taken before ended statements afterwards: by rows out of quarantine.
CREATE TABLE snapshot_astray (
    id BIGINT PRIMARY KEY,
    source TEXT NOT NULL,
    subject BIGINT NOT NULL
);
