-- A phone or browser that brings what was done without signal. `id` is made there. `generation` counts what it was
-- given; `clock_off_ms`: how far its clock was ahead of ours at the last contact. `state`: `in_use` or `lost`.
CREATE TABLE care_device (
    id TEXT PRIMARY KEY NOT NULL,
    account BIGINT NOT NULL,
    label TEXT NOT NULL,
    state TEXT NOT NULL,
    made_at TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    clock_off_ms BIGINT NOT NULL,
    generation BIGINT NOT NULL
);
CREATE INDEX care_device_by_account ON care_device (account);

-- What a device was given of a person, as digests; `gone`: it was told to forget them.
CREATE TABLE care_held (
    device TEXT NOT NULL,
    person BIGINT NOT NULL,
    digest BYTEA NOT NULL,
    who_digest BYTEA NOT NULL,
    generation BIGINT NOT NULL,
    gone BIGINT NOT NULL,
    PRIMARY KEY (device, person)
);

-- Every operation ever sent, once. `digest` of what it said: the same id never means two things.
CREATE TABLE care_operation (
    id TEXT PRIMARY KEY NOT NULL,
    account BIGINT NOT NULL,
    device TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    kind TEXT NOT NULL,
    person BIGINT,
    digest BYTEA NOT NULL,
    done_at TEXT NOT NULL,
    received_at TEXT NOT NULL,
    clock_off_ms BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    code TEXT
);
CREATE INDEX care_operation_by_account ON care_operation (account, received_at);

-- A visit as the visitor recorded it. `happened_at` is corrected by how far the device's clock was off. `village`:
-- where the person lived then. `attention`: checks that were not in order. `sealed`: everything that was answered.
CREATE TABLE care_visit (
    id BIGINT PRIMARY KEY,
    operation TEXT NOT NULL,
    person BIGINT NOT NULL,
    village TEXT NOT NULL,
    kind TEXT NOT NULL,
    met BIGINT NOT NULL,
    attention BIGINT NOT NULL,
    account BIGINT NOT NULL,
    device TEXT NOT NULL,
    happened_on TEXT NOT NULL,
    happened_at TEXT NOT NULL,
    device_at TEXT NOT NULL,
    received_at TEXT NOT NULL,
    clock_off_ms BIGINT NOT NULL,
    sealed BYTEA NOT NULL
);
CREATE UNIQUE INDEX care_visit_by_operation ON care_visit (operation);
CREATE INDEX care_visit_by_person ON care_visit (person, happened_at);
CREATE INDEX care_visit_by_village ON care_visit (village, happened_on);

-- A need found on a visit, until somebody has seen to it.
CREATE TABLE care_need (
    id BIGINT PRIMARY KEY,
    visit BIGINT NOT NULL,
    person BIGINT NOT NULL,
    village TEXT NOT NULL,
    found_on TEXT NOT NULL,
    state TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    settled_by BIGINT,
    settled_at TEXT
);
CREATE INDEX care_need_by_village ON care_need (state, village);
CREATE INDEX care_need_by_person ON care_need (person);

-- A field of a person as somebody changed it. `base`: the operation whose value was seen when it was changed.
-- `state`: `current`, `superseded`, `agreed` (said the same), `conflict` (two were changed from the same base), `dropped`.
CREATE TABLE care_edit (
    id BIGINT PRIMARY KEY,
    operation TEXT NOT NULL,
    person BIGINT NOT NULL,
    village TEXT NOT NULL,
    field TEXT NOT NULL,
    base TEXT,
    account BIGINT NOT NULL,
    device TEXT NOT NULL,
    happened_at TEXT NOT NULL,
    received_at TEXT NOT NULL,
    state TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    decided_by BIGINT,
    decided_at TEXT
);
CREATE UNIQUE INDEX care_edit_by_operation ON care_edit (operation);
CREATE INDEX care_edit_by_person ON care_edit (person, field);
CREATE INDEX care_edit_by_state ON care_edit (state, village);

-- An assessment of ability by two assessors. `state`: `open`, `differs`, `proposed`, `done`. `sealed`: what was
-- proposed for the items that differ, then the result.
CREATE TABLE care_assessment (
    id BIGINT PRIMARY KEY,
    person BIGINT NOT NULL,
    village TEXT NOT NULL,
    scale TEXT NOT NULL,
    state TEXT NOT NULL,
    opened_on TEXT NOT NULL,
    assessed_on TEXT,
    valid_until TEXT,
    sealed BYTEA
);
CREATE INDEX care_assessment_by_person ON care_assessment (person, state);

-- What one of the two answered, alone.
CREATE TABLE care_sheet (
    id BIGINT PRIMARY KEY,
    operation TEXT NOT NULL,
    assessment BIGINT NOT NULL,
    account BIGINT NOT NULL,
    device TEXT NOT NULL,
    happened_at TEXT NOT NULL,
    received_at TEXT NOT NULL,
    sealed BYTEA NOT NULL
);
CREATE UNIQUE INDEX care_sheet_by_operation ON care_sheet (operation);
CREATE UNIQUE INDEX care_sheet_by_account ON care_sheet (assessment, account);

-- A photo, a voice note or a signature; it comes in chunks. `state`: `coming`, `whole`, `refused`.
CREATE TABLE care_attachment (
    id TEXT PRIMARY KEY NOT NULL,
    account BIGINT NOT NULL,
    device TEXT NOT NULL,
    kind TEXT NOT NULL,
    mime TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    sha256 BYTEA NOT NULL,
    received BIGINT NOT NULL,
    state TEXT NOT NULL,
    refusal TEXT,
    began_at TEXT NOT NULL,
    operation TEXT
);
CREATE INDEX care_attachment_by_operation ON care_attachment (operation);
CREATE INDEX care_attachment_by_account ON care_attachment (account, state);

CREATE TABLE care_chunk (
    attachment TEXT NOT NULL,
    number BIGINT NOT NULL,
    sealed BYTEA NOT NULL,
    PRIMARY KEY (attachment, number)
);
