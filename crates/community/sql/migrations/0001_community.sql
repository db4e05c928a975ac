-- A draft laid open for comments; what it says is frozen on the day it was opened.
CREATE TABLE consultation (
    id BIGINT PRIMARY KEY,
    pack TEXT NOT NULL,
    title TEXT NOT NULL,
    content TEXT NOT NULL,
    opened_on TEXT NOT NULL,
    opened_by TEXT NOT NULL,
    closes_on TEXT NOT NULL,
    usual_days BIGINT NOT NULL,
    shortened_why TEXT NOT NULL,
    answered_on TEXT,
    answered_by TEXT
);

-- What somebody said to it, sealed; shown or withheld by a person, never removed.
CREATE TABLE consultation_comment (
    id BIGINT PRIMARY KEY,
    consultation BIGINT NOT NULL,
    about TEXT NOT NULL,
    words BYTEA NOT NULL,
    received_at TEXT NOT NULL,
    state TEXT NOT NULL,
    withheld_why TEXT NOT NULL,
    decided_at TEXT,
    decided_by TEXT,
    theme BIGINT
);
CREATE INDEX consultation_comment_of ON consultation_comment (consultation, id);

-- Comments that say the same, and what was answered to them.
CREATE TABLE consultation_theme (
    id BIGINT PRIMARY KEY,
    consultation BIGINT NOT NULL,
    title TEXT NOT NULL,
    verdict TEXT NOT NULL,
    reply TEXT NOT NULL,
    made_by TEXT NOT NULL
);
CREATE INDEX consultation_theme_of ON consultation_theme (consultation, id);

-- Somebody wants to be called, says what is wrong with a fact, or what is hard to use.
CREATE TABLE message (
    id BIGINT PRIMARY KEY,
    kind TEXT NOT NULL,
    about TEXT NOT NULL,
    person BIGINT,
    account BIGINT,
    division TEXT NOT NULL,
    words BYTEA NOT NULL,
    received_at TEXT NOT NULL,
    state TEXT NOT NULL,
    done_at TEXT,
    done_by TEXT,
    outcome BYTEA
);
CREATE INDEX message_open ON message (state, division, id);
CREATE INDEX message_of_account ON message (account, id);
