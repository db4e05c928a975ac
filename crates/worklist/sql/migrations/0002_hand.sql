-- How far someone is with the item: a word of whoever handles it; empty: nobody has begun. `hand_on`: the day on which
-- it is to be taken up again.
ALTER TABLE work_item ADD COLUMN hand TEXT NOT NULL DEFAULT '';
ALTER TABLE work_item ADD COLUMN hand_on TEXT;
CREATE INDEX work_item_by_key ON work_item (item_key);
