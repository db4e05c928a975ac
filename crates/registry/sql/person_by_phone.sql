SELECT id FROM person WHERE phone_blind = $1 ORDER BY id
