SELECT id FROM person WHERE id_blind = $1
