UPDATE person_merge SET confirmed_by = $2, merged_on = $3 WHERE id = $1
