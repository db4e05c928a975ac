UPDATE link_candidate
SET other = $2, state = $3, probability = $4, evidence = $5, before = $6, found_on = $7
WHERE id = $1
