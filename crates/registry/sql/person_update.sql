UPDATE person SET identity = $2, phone_blind = $3, digest = $4 WHERE id = $1
