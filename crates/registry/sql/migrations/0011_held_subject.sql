-- Whose row is in quarantine, for one person's page.
CREATE INDEX held_row_by_subject ON held_row (subject) WHERE subject IS NOT NULL;
