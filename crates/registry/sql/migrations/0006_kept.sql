-- The statement that a waiting row of a full list keeps open: its number is wrong, and the row points to nobody else.
ALTER TABLE held_row ADD COLUMN keeps BIGINT;
-- How many statements a list's waiting rows kept open.
ALTER TABLE list ADD COLUMN kept BIGINT NOT NULL DEFAULT 0;
CREATE INDEX held_row_by_keeps ON held_row (keeps) WHERE keeps IS NOT NULL;
