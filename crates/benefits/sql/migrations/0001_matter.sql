-- One benefit for one person, from the first contact to the end. `state` follows from the events; it is kept for lists.
-- `step` is what comes next, empty when nothing does; `due_on` none: the pack names no deadline for it.
CREATE TABLE matter (
    id BIGINT PRIMARY KEY,
    matter_no TEXT NOT NULL,
    rule TEXT NOT NULL,
    benefit_kind TEXT NOT NULL,
    pack TEXT NOT NULL,
    pack_version TEXT NOT NULL,
    person_id BIGINT NOT NULL,
    village TEXT NOT NULL,
    state TEXT NOT NULL,
    step TEXT NOT NULL,
    step_since TEXT NOT NULL,
    due_on TEXT,
    opened_on TEXT NOT NULL,
    filed_on TEXT,
    filed_by TEXT,
    filed_as TEXT,
    recommended_by TEXT,
    recommends TEXT,
    decided_on TEXT,
    decided_by TEXT,
    stop_by TEXT,
    stop_from TEXT,
    closed_on TEXT,
    papers TEXT NOT NULL,
    events BIGINT NOT NULL
);
CREATE UNIQUE INDEX matter_by_no ON matter (matter_no);
-- One matter at a time.
CREATE UNIQUE INDEX matter_running ON matter (person_id, rule) WHERE closed_on IS NULL;
CREATE INDEX matter_by_person ON matter (person_id);
CREATE INDEX matter_by_state ON matter (state, village);

-- What was done, in order; nothing is ever changed here. `sealed` holds what was written by hand and the grounds.
CREATE TABLE matter_event (
    matter BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    kind TEXT NOT NULL,
    on_day TEXT NOT NULL,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    actor_as TEXT NOT NULL,
    code TEXT NOT NULL,
    day TEXT,
    state_after TEXT NOT NULL,
    sealed BYTEA,
    PRIMARY KEY (matter, sequence)
);

-- What was granted. `until_on`: first day on which it is given no more. `act_key`: the entry in the register.
CREATE TABLE award (
    id BIGINT PRIMARY KEY,
    matter BIGINT NOT NULL,
    rule TEXT NOT NULL,
    benefit_kind TEXT NOT NULL,
    person_id BIGINT NOT NULL,
    village TEXT NOT NULL,
    pack TEXT NOT NULL,
    pack_version TEXT NOT NULL,
    from_on TEXT NOT NULL,
    until_on TEXT,
    amount_fen BIGINT,
    per TEXT NOT NULL,
    act_key TEXT,
    delivered_on TEXT,
    void BIGINT NOT NULL
);
CREATE INDEX award_by_matter ON award (matter);
CREATE INDEX award_by_village ON award (village, from_on);
