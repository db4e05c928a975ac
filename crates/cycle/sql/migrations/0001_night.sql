CREATE TABLE night (
    id BIGINT PRIMARY KEY,
    as_of TEXT NOT NULL,
    pack TEXT NOT NULL,
    pack_version TEXT NOT NULL,
    pack_digest TEXT NOT NULL,
    last_list BIGINT NOT NULL,
    result_digest TEXT NOT NULL,
    summary TEXT NOT NULL,
    published_at TEXT NOT NULL,
    UNIQUE (pack, as_of)
);
CREATE TABLE night_people (
    night BIGINT PRIMARY KEY,
    ids BYTEA NOT NULL,
    codes TEXT NOT NULL,
    places BYTEA NOT NULL
);
CREATE TABLE night_outcome (
    night BIGINT NOT NULL,
    rule TEXT NOT NULL,
    met BYTEA NOT NULL,
    known BYTEA NOT NULL,
    PRIMARY KEY (night, rule)
);
