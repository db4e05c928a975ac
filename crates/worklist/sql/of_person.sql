SELECT id, kind, rule, person_id, fact, village, found_on, due_on, from_on, rank, cause, state, closed_on, closed_why,
    hand, hand_on
FROM work_item
WHERE person_id = $1
ORDER BY state DESC, found_on DESC, id
