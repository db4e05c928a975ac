UPDATE care_assessment SET state = 'done', assessed_on = $2, valid_until = $3, sealed = $4 WHERE id = $1
