CREATE TABLE work_item (
    id BIGINT PRIMARY KEY,
    item_key TEXT NOT NULL,
    kind TEXT NOT NULL,
    rule TEXT NOT NULL,
    person_id BIGINT NOT NULL,
    fact TEXT,
    county TEXT NOT NULL,
    township TEXT NOT NULL,
    village TEXT NOT NULL,
    found_on TEXT NOT NULL,
    due_on TEXT,
    from_on TEXT,
    rank BIGINT NOT NULL,
    cause TEXT NOT NULL,
    state TEXT NOT NULL,
    closed_on TEXT,
    closed_why TEXT
);
CREATE INDEX work_item_open ON work_item (state, kind, village);
CREATE INDEX work_item_person ON work_item (person_id);
