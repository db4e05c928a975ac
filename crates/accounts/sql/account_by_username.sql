SELECT id FROM account WHERE username = $1
