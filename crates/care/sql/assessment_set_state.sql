UPDATE care_assessment SET state = $2, sealed = $3 WHERE id = $1
