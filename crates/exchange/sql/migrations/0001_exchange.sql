-- A request that was made under a key of its sender's: done once, and answered alike when it comes again.
-- `answer` is sealed.
CREATE TABLE request_key (
    account BIGINT NOT NULL,
    key TEXT NOT NULL,
    digest BYTEA NOT NULL,
    began_at TEXT NOT NULL,
    -- Null: under way.
    status BIGINT,
    kind TEXT,
    answer BYTEA,
    PRIMARY KEY (account, key)
);

-- Who is told of which events, and where. `events` is JSON, `secret` is sealed.
CREATE TABLE subscription (
    id BIGINT PRIMARY KEY,
    account BIGINT NOT NULL,
    address TEXT NOT NULL,
    events TEXT NOT NULL,
    division TEXT,
    secret BYTEA NOT NULL,
    made_at TEXT NOT NULL,
    ended_at TEXT
);
CREATE INDEX subscription_by_account ON subscription (account);

-- One event on its way to one subscriber. `body` is what is sent: ids, never people's data.
CREATE TABLE delivery (
    id BIGINT PRIMARY KEY,
    subscription BIGINT NOT NULL,
    event TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'failed')),
    attempts BIGINT NOT NULL,
    -- Of the last attempt: the receiver's status, or a code when none came.
    status BIGINT,
    fault TEXT,
    made_at TEXT NOT NULL,
    tried_at TEXT
);
CREATE INDEX delivery_by_subscription ON delivery (subscription, id);
