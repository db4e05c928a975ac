-- The lists of the platform's own registers: one a register, until a night or a new day begins the next.
CREATE TABLE own_list (
    list BIGINT PRIMARY KEY,
    source TEXT NOT NULL,
    -- 1: a night counts it; nothing is added any more.
    sealed BIGINT NOT NULL
);
CREATE INDEX own_list_open ON own_list (source) WHERE sealed = 0;

-- What was entered into an own register, each time. `act_key` is the caller's: the same act sent twice enters once.
-- `what` names facts or a kind of visit, never a value. `taken_back_by`: the act that corrected it.
CREATE TABLE act (
    id BIGINT PRIMARY KEY,
    act_key TEXT NOT NULL,
    list BIGINT NOT NULL,
    row_no BIGINT NOT NULL,
    person BIGINT NOT NULL,
    what TEXT NOT NULL,
    actor TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    news BIGINT NOT NULL,
    taken_back_by BIGINT
);
CREATE UNIQUE INDEX act_by_key ON act (act_key);
CREATE INDEX act_by_person ON act (person);

-- The list in which a visit was taken back.
ALTER TABLE visit ADD COLUMN taken_back_by BIGINT;
