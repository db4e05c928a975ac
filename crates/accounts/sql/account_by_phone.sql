SELECT id FROM account WHERE phone_blind = $1
