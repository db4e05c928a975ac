SELECT id, kind, rule, person_id, fact, due_on, from_on, rank, cause, village, found_on
FROM work_item
WHERE state = 'open'
ORDER BY id
