-- The order in which pages show open items, so that the first page of a large list is not sorted out of all of it.
CREATE INDEX work_item_page
    ON work_item (kind, (COALESCE(due_on, '9999-12-31')), rank, village, person_id, id)
    WHERE state = 'open';
