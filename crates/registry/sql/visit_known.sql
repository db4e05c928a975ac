SELECT id FROM visit WHERE person = $1 AND kind = $2 AND happened_on = $3 AND taken_back_by IS NULL LIMIT 1
