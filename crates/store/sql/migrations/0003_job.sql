-- Work to be done later, written in the transaction of the change that caused it.
CREATE TABLE job (
    id BIGINT PRIMARY KEY,
    kind TEXT NOT NULL,
    -- The same key is taken once per kind.
    key TEXT,
    -- JSON of ids, never of people's data.
    payload TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed')),
    attempts BIGINT NOT NULL,
    most_attempts BIGINT NOT NULL,
    created_at TEXT NOT NULL,
    due_at TEXT NOT NULL,
    leased_until TEXT,
    finished_at TEXT,
    fault TEXT,
    UNIQUE (kind, key)
);
CREATE INDEX job_to_claim ON job (kind, state, due_at, id);
