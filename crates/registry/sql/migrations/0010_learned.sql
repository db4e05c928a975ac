-- What linking has learned of a source: probabilities of levels only, no values.
CREATE TABLE link_learned (
    source TEXT PRIMARY KEY,
    learned_on TEXT NOT NULL,
    -- The file it was learned from, and how many of its rows were looked at.
    list TEXT NOT NULL,
    row_count BIGINT NOT NULL,
    rounds BIGINT NOT NULL,
    -- 0: too few rows, or the rounds did not come to rest: the stated parameters are used.
    settled BIGINT NOT NULL,
    parameters TEXT NOT NULL
);
