UPDATE person_merge SET split_by = $2, split_on = $3, split_reason = $4 WHERE id = $1
