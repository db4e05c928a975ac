-- One received file of a departmental list. `digest` of the bytes; `scope` empty: the whole region.
CREATE TABLE list (
    id BIGINT PRIMARY KEY,
    source TEXT NOT NULL,
    file_name TEXT NOT NULL,
    digest TEXT NOT NULL,
    encoding TEXT NOT NULL,
    list_date TEXT NOT NULL,
    scope TEXT NOT NULL,
    mode TEXT NOT NULL,
    received_on TEXT NOT NULL,
    state TEXT NOT NULL,
    header_row BIGINT NOT NULL,
    columns TEXT NOT NULL,
    unknown_columns TEXT NOT NULL,
    row_count BIGINT NOT NULL,
    good BIGINT NOT NULL,
    faulty BIGINT NOT NULL,
    unlinked BIGINT NOT NULL,
    repeated BIGINT NOT NULL,
    opened BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    unchanged BIGINT NOT NULL,
    closed BIGINT NOT NULL,
    in_scope BIGINT NOT NULL,
    -- JSON: what a held list would close; why a refused file was refused; how often each fault occurred.
    closing TEXT,
    refusal TEXT,
    fault_codes TEXT NOT NULL
);
CREATE INDEX list_by_digest ON list (digest);
CREATE INDEX list_by_source ON list (source, list_date);

-- The order of values in the payloads of a source's statements; a new row when sources.toml changes.
CREATE TABLE layout (
    id BIGINT PRIMARY KEY,
    source TEXT NOT NULL,
    entity TEXT NOT NULL,
    plain TEXT NOT NULL,
    sealed TEXT NOT NULL
);

-- `identity` is sealed: ID number, name, phone, address. The blind indexes are made of it.
CREATE TABLE person (
    id BIGINT PRIMARY KEY,
    list BIGINT NOT NULL,
    row_no BIGINT NOT NULL,
    identity BYTEA NOT NULL,
    id_blind BYTEA NOT NULL,
    phone_blind BYTEA,
    digest BYTEA NOT NULL
);
CREATE INDEX person_by_id_number ON person (id_blind);
CREATE INDEX person_by_phone ON person (phone_blind);

-- What a person's identity was before a list changed it.
CREATE TABLE person_past (
    id BIGINT PRIMARY KEY,
    person BIGINT NOT NULL,
    identity BYTEA NOT NULL,
    until_list BIGINT NOT NULL
);
CREATE INDEX person_past_by_person ON person_past (person);

-- A place, project, course or division that a list named.
CREATE TABLE thing (
    id BIGINT PRIMARY KEY,
    entity TEXT NOT NULL,
    thing_key TEXT NOT NULL,
    list BIGINT NOT NULL,
    row_no BIGINT NOT NULL
);
CREATE UNIQUE INDEX thing_by_key ON thing (entity, thing_key);

-- What one row of a list says about one subject. `payload` in the order of the layout, plain classes only;
-- `sealed` holds answers. Valid on [valid_from, valid_until) and until closed_on, which a later list sets.
CREATE TABLE statement (
    id BIGINT PRIMARY KEY,
    layout BIGINT NOT NULL,
    subject BIGINT NOT NULL,
    sub_key TEXT NOT NULL,
    payload TEXT NOT NULL,
    sealed BYTEA,
    sealed_digest BYTEA,
    valid_from TEXT NOT NULL,
    valid_until TEXT,
    list BIGINT NOT NULL,
    row_no BIGINT NOT NULL,
    closed_on TEXT,
    closed_by BIGINT
);
CREATE INDEX statement_by_subject ON statement (layout, subject);
-- Relations are also asked from the other end.
CREATE INDEX statement_by_sub_key ON statement (layout, sub_key) WHERE sub_key <> '';

-- A row that did not become a statement: faulty, or not linked to a person. `sealed` holds its cells and faults.
CREATE TABLE held_row (
    id BIGINT PRIMARY KEY,
    list BIGINT NOT NULL,
    row_no BIGINT NOT NULL,
    state TEXT NOT NULL,
    subject BIGINT,
    codes TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    link_blind BYTEA,
    settled_by BIGINT
);
CREATE INDEX held_row_by_list ON held_row (list, state);
CREATE INDEX held_row_by_link ON held_row (link_blind);

CREATE TABLE visit (
    id BIGINT PRIMARY KEY,
    person BIGINT NOT NULL,
    kind TEXT NOT NULL,
    happened_on TEXT NOT NULL,
    visitor TEXT NOT NULL,
    list BIGINT NOT NULL,
    row_no BIGINT NOT NULL
);
CREATE INDEX visit_by_person ON visit (person);
CREATE INDEX visit_by_date ON visit (happened_on);
