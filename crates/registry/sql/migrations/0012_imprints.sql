-- By what the rows of a source's last full list are recognised when they come again: sealed, in parts of which later ones
-- hold over earlier ones. Made anew with the next list whenever it is lost.
CREATE TABLE imprint (
    source TEXT NOT NULL,
    part BIGINT NOT NULL,
    sealed BYTEA NOT NULL,
    PRIMARY KEY (source, part)
);
-- How the rows were read, and up to where people's identities had changed.
CREATE TABLE imprint_head (
    source TEXT PRIMARY KEY,
    reading TEXT NOT NULL,
    past BIGINT NOT NULL
);
-- Of whom something was said beside the source's lists: by rows out of quarantine.
CREATE TABLE imprint_astray (
    source TEXT NOT NULL,
    subject BIGINT NOT NULL
);
CREATE INDEX imprint_astray_of_source ON imprint_astray (source);
