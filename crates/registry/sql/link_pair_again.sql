-- A pair of persons compared again; what it was decided on stays beside it.
UPDATE link_candidate
SET state = $2, probability = $3, evidence = $4, before = COALESCE($5, before), found_on = $6
WHERE id = $1
