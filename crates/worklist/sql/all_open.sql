SELECT id, kind, rule, person_id, fact, village, found_on, due_on, from_on, rank, cause, state, closed_on, closed_why,
    hand, hand_on
FROM work_item
WHERE state = 'open'
ORDER BY kind, village, COALESCE(due_on, '9999-12-31'), rank, person_id, rule, COALESCE(fact, '')
