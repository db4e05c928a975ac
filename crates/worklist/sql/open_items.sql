SELECT id, item_key, due_on, from_on, rank, cause, village
FROM work_item
WHERE state = 'open'
ORDER BY id
