-- Open items of a village, for pages; what is closed weighs on none of the indexes that speak of open items.
CREATE INDEX work_item_by_place ON work_item (kind, village) WHERE state = 'open';
