-- One sealed mark per key that the database needs.
CREATE TABLE key_mark (
    id TEXT PRIMARY KEY,
    mark BYTEA NOT NULL
);
-- Who did what to what, each entry linked to the one before.
CREATE TABLE audit (
    sequence BIGINT PRIMARY KEY,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    previous BYTEA NOT NULL,
    hash BYTEA NOT NULL
);
CREATE INDEX audit_by_subject ON audit (subject, sequence);
-- The end of the chain, sealed, and the sealed secret that its hashes are made with.
CREATE TABLE audit_head (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    sequence BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    seal BYTEA NOT NULL,
    secret BYTEA NOT NULL
);
