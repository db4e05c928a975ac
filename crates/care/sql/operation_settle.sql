UPDATE care_operation SET outcome = $2, code = $3, person = $4 WHERE id = $1
