-- A row that was linked, and every time its list brought it again: what it says lies with an entry of its own,
-- numbered `-id`, which is read as `person` from one day to another. No fact is moved.
CREATE TABLE row_link (
    id BIGINT PRIMARY KEY,
    candidate BIGINT NOT NULL,
    person BIGINT NOT NULL,
    linked_on TEXT NOT NULL,
    undone_on TEXT
);
CREATE INDEX row_link_by_candidate ON row_link (candidate);
CREATE INDEX row_link_by_person ON row_link (person);
-- The rows of such an entry.
CREATE TABLE row_link_row (
    held_row BIGINT PRIMARY KEY,
    link BIGINT NOT NULL
);
CREATE INDEX row_link_row_by_link ON row_link_row (link);
CREATE INDEX link_decision_by_day ON link_decision (decided_on);
-- The question a merge answers.
ALTER TABLE person_merge ADD COLUMN candidate BIGINT;
