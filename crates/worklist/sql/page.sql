SELECT id, kind, rule, person_id, fact, village, found_on, due_on, from_on, rank, cause, state, closed_on, closed_why
FROM work_item
WHERE state = 'open' AND kind = $1 AND village BETWEEN $2 AND $3
  AND ($4 = '' OR rule = $4) AND ($5 = '' OR fact = $5)
ORDER BY COALESCE(due_on, '9999-12-31'), rank, village, person_id, id
LIMIT $6 OFFSET $7
