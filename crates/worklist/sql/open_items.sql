SELECT id, item_key, due_on, from_on, rank, cause, village, kind, person_id
FROM work_item
WHERE state = 'open'
ORDER BY id
