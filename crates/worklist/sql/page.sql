SELECT id, kind, rule, person_id, fact, village, found_on, due_on, from_on, rank, cause, state, closed_on, closed_why,
    hand, hand_on
FROM work_item
WHERE state = 'open' AND kind = $1 AND village BETWEEN $2 AND $3
  AND ($4 = '' OR rule = $4) AND ($5 = '' OR fact = $5)
  AND ($8 = 'any'
    OR ($8 = 'todo' AND (hand = '' OR (hand = 'again' AND hand_on <= $9)))
    OR ($8 = 'begun' AND hand <> '' AND NOT (hand = 'again' AND hand_on <= $9)))
ORDER BY COALESCE(due_on, '9999-12-31'), rank, village, person_id, id
LIMIT $6 OFFSET $7
