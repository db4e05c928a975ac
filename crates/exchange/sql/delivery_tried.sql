UPDATE delivery SET state = $2, attempts = attempts + 1, status = $3, fault = $4, tried_at = $5 WHERE id = $1
