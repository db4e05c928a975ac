UPDATE account SET profile = $2, phone_blind = $3 WHERE id = $1
