SELECT id, kind, rule, person_id, fact, due_on, from_on, rank, cause, village
FROM work_item
WHERE state = 'open'
ORDER BY id
