-- Where a row in quarantine belongs, as it says itself or as its person lives; empty: nobody knows.
ALTER TABLE held_row ADD COLUMN division TEXT NOT NULL DEFAULT '';
CREATE INDEX held_row_by_division ON held_row (division, list);
-- What an accepted list held of one township when it was taken, for whoever answers for a part of the region.
-- `division` empty: rows that belong nowhere. `filled`: JSON, rows that say something by column; `faults`: JSON, by
-- column and code.
CREATE TABLE list_part (
    list BIGINT NOT NULL,
    division TEXT NOT NULL,
    row_count BIGINT NOT NULL,
    faulty BIGINT NOT NULL,
    unlinked BIGINT NOT NULL,
    opened BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    closed BIGINT NOT NULL,
    filled TEXT NOT NULL,
    faults TEXT NOT NULL,
    PRIMARY KEY (list, division)
);
CREATE INDEX list_part_by_division ON list_part (division);
-- The table `disagreement` by township, for the last night of each month.
CREATE TABLE disagreement_part (
    as_of TEXT NOT NULL,
    division TEXT NOT NULL,
    source TEXT NOT NULL,
    fact TEXT NOT NULL,
    people BIGINT NOT NULL,
    overruled BIGINT NOT NULL,
    PRIMARY KEY (as_of, division, source, fact)
);
CREATE INDEX disagreement_part_by_division ON disagreement_part (division);
