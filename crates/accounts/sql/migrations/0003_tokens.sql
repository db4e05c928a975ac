-- What a program signs in with for an account. Only a hash of the token is kept. `permissions` is JSON.
CREATE TABLE account_token (
    id BIGINT PRIMARY KEY,
    account BIGINT NOT NULL,
    name TEXT NOT NULL,
    hash BYTEA NOT NULL,
    permissions TEXT NOT NULL,
    division TEXT,
    made_at TEXT NOT NULL,
    ends_at TEXT NOT NULL,
    seen_at TEXT,
    ended_at TEXT
);
CREATE UNIQUE INDEX account_token_by_hash ON account_token (hash);
CREATE INDEX account_token_by_account ON account_token (account);
