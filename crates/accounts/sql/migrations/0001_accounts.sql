-- Someone who signs in. `profile` is sealed: display name and phone. `password` is a sealed Argon2id text, `totp` a
-- sealed secret. A closed account keeps its row, so that what it did stays attributed.
CREATE TABLE account (
    id BIGINT PRIMARY KEY,
    username TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    division TEXT NOT NULL,
    profile BYTEA NOT NULL,
    phone_blind BYTEA,
    password BYTEA,
    password_set_at TEXT,
    totp BYTEA,
    -- A secret that was shown; it takes the place of `totp` once a code of it came back.
    totp_pending BYTEA,
    -- The last step whose code was taken: it is not taken again.
    totp_step BIGINT,
    made_at TEXT NOT NULL,
    made_by TEXT NOT NULL
);
CREATE UNIQUE INDEX account_by_username ON account (username);
CREATE UNIQUE INDEX account_by_phone ON account (phone_blind);

-- For when the phone with the codes is lost; each is taken once.
CREATE TABLE recovery_code (
    id BIGINT PRIMARY KEY,
    account BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    used_at TEXT
);
CREATE INDEX recovery_code_by_account ON recovery_code (account);

-- A link that sets a password, once: `invite` or `reset`.
CREATE TABLE account_link (
    id BIGINT PRIMARY KEY,
    account BIGINT NOT NULL,
    purpose TEXT NOT NULL,
    hash BYTEA NOT NULL,
    made_at TEXT NOT NULL,
    made_by TEXT NOT NULL,
    ends_at TEXT NOT NULL,
    used_at TEXT
);
CREATE UNIQUE INDEX account_link_by_hash ON account_link (hash);
CREATE INDEX account_link_by_account ON account_link (account);

-- `stage`: whole, second_factor (a code is still to come) or enrol (a second factor is to be set up first).
CREATE TABLE account_session (
    id BIGINT PRIMARY KEY,
    account BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    -- The token before the last change, good for a moment: requests under way still carry it.
    hash_before BYTEA,
    before_until TEXT,
    stage TEXT NOT NULL,
    idle_seconds BIGINT NOT NULL,
    began_at TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    ends_at TEXT NOT NULL,
    device TEXT NOT NULL,
    -- 1: what the account may do has changed; the token is changed at the next request.
    renew BIGINT NOT NULL
);
CREATE UNIQUE INDEX account_session_by_hash ON account_session (hash);
CREATE INDEX account_session_by_hash_before ON account_session (hash_before);
CREATE INDEX account_session_by_account ON account_session (account);

-- Wrong attempts on an account or from a source; `subject` is a keyed digest.
CREATE TABLE sign_in_attempt (
    subject TEXT PRIMARY KEY NOT NULL,
    wrong BIGINT NOT NULL,
    last_at TEXT,
    wait_until TEXT
);

-- A role held, in a division or for a place, from one moment to another.
CREATE TABLE account_grant (
    id BIGINT PRIMARY KEY,
    account BIGINT NOT NULL,
    role TEXT NOT NULL,
    division TEXT,
    place BIGINT,
    given_at TEXT NOT NULL,
    given_by TEXT NOT NULL,
    ended_at TEXT,
    ended_by TEXT
);
CREATE INDEX account_grant_by_account ON account_grant (account);

-- A person whom an account looks after, from one moment to another.
CREATE TABLE account_assignment (
    id BIGINT PRIMARY KEY,
    account BIGINT NOT NULL,
    person BIGINT NOT NULL,
    given_at TEXT NOT NULL,
    given_by TEXT NOT NULL,
    ended_at TEXT,
    ended_by TEXT
);
CREATE INDEX account_assignment_by_account ON account_assignment (account);
CREATE INDEX account_assignment_by_person ON account_assignment (person);

-- A family account bound to an elder, or an elder's own account to themselves.
CREATE TABLE family_bond (
    id BIGINT PRIMARY KEY,
    account BIGINT NOT NULL,
    person BIGINT NOT NULL,
    relation TEXT NOT NULL,
    scopes TEXT NOT NULL,
    made_at TEXT NOT NULL,
    made_by TEXT NOT NULL,
    ended_at TEXT,
    ended_by TEXT
);
CREATE INDEX family_bond_by_account ON family_bond (account);
CREATE INDEX family_bond_by_person ON family_bond (person);

-- Every consent and withdrawal, in order; nothing is ever changed here.
CREATE TABLE consent (
    id BIGINT PRIMARY KEY,
    bond BIGINT NOT NULL,
    verdict TEXT NOT NULL,
    scopes TEXT NOT NULL,
    text_id TEXT NOT NULL,
    text_version TEXT NOT NULL,
    means TEXT NOT NULL,
    -- Who agreed or withdrew: elder, guardian, family or township.
    spoke TEXT NOT NULL,
    at TEXT NOT NULL,
    recorded_by TEXT NOT NULL
);
CREATE INDEX consent_by_bond ON consent (bond);

-- A code that an elder reads out. `selector` finds it, `verifier` is the sealed Argon2id text of the rest.
CREATE TABLE elder_code (
    id BIGINT PRIMARY KEY,
    person BIGINT NOT NULL,
    selector TEXT NOT NULL,
    verifier BYTEA NOT NULL,
    scopes TEXT NOT NULL,
    tries BIGINT NOT NULL,
    made_at TEXT NOT NULL,
    made_by TEXT NOT NULL,
    ends_at TEXT NOT NULL,
    spent_at TEXT
);
CREATE INDEX elder_code_by_selector ON elder_code (selector);
CREATE INDEX elder_code_by_person ON elder_code (person);

-- Who looked at whom: masked values that were shown. `note` is sealed: it may tell something about the person.
CREATE TABLE reveal (
    id BIGINT PRIMARY KEY,
    at TEXT NOT NULL,
    account BIGINT NOT NULL,
    role TEXT NOT NULL,
    person BIGINT NOT NULL,
    purpose TEXT NOT NULL,
    fields TEXT NOT NULL,
    note BYTEA
);
CREATE INDEX reveal_by_person ON reveal (person, id);
CREATE INDEX reveal_by_account ON reveal (account, id);

-- An account at a government's identity provider. The subject may be a citizen's number, so it is sealed.
CREATE TABLE external_identity (
    id BIGINT PRIMARY KEY,
    account BIGINT NOT NULL,
    issuer TEXT NOT NULL,
    subject BYTEA NOT NULL,
    subject_blind BYTEA NOT NULL,
    linked_at TEXT NOT NULL,
    linked_by TEXT NOT NULL
);
CREATE UNIQUE INDEX external_identity_by_subject ON external_identity (subject_blind);
CREATE INDEX external_identity_by_account ON external_identity (account);
