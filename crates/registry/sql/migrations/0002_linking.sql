-- A pair that linkage found: a waiting row and a person, or two persons. `row_key` finds the same row when its list
-- comes again; `sealed` is what it is made of. `evidence`: levels and weights, never values.
CREATE TABLE link_candidate (
    id BIGINT PRIMARY KEY,
    kind TEXT NOT NULL,
    person BIGINT NOT NULL,
    other BIGINT NOT NULL,
    row_key BYTEA,
    sealed BYTEA,
    state TEXT NOT NULL,
    probability DOUBLE PRECISION NOT NULL,
    evidence TEXT NOT NULL,
    -- The evidence of the last decision, when the pair is asked again.
    before TEXT,
    found_on TEXT NOT NULL
);
CREATE INDEX link_candidate_by_key ON link_candidate (row_key, person);
CREATE INDEX link_candidate_by_pair ON link_candidate (kind, person, other);
CREATE INDEX link_candidate_by_state ON link_candidate (state);

-- Every decision on a pair, in order; nothing is ever changed here.
CREATE TABLE link_decision (
    id BIGINT PRIMARY KEY,
    candidate BIGINT NOT NULL,
    verdict TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    decided_on TEXT NOT NULL,
    reason TEXT NOT NULL,
    probability DOUBLE PRECISION NOT NULL,
    evidence TEXT NOT NULL
);
CREATE INDEX link_decision_by_candidate ON link_decision (candidate);

-- Waiting rows that were compared, and by which engine and rules.
CREATE TABLE link_try (
    held_row BIGINT PRIMARY KEY,
    engine TEXT NOT NULL
);

-- Two entries of the registry that are one person: `gone` is read as `kept` from the day of the merge to the day of
-- the split. No fact is moved.
CREATE TABLE person_merge (
    id BIGINT PRIMARY KEY,
    kept BIGINT NOT NULL,
    gone BIGINT NOT NULL,
    proposed_by TEXT NOT NULL,
    proposed_on TEXT NOT NULL,
    reason TEXT NOT NULL,
    two_people BIGINT NOT NULL,
    confirmed_by TEXT,
    merged_on TEXT,
    split_by TEXT,
    split_on TEXT,
    split_reason TEXT
);
CREATE INDEX person_merge_by_gone ON person_merge (gone);
CREATE INDEX person_merge_by_kept ON person_merge (kept);
