UPDATE work_item
SET due_on = $2, from_on = $3, rank = $4, cause = $5, county = $6, township = $7, village = $8
WHERE id = $1
