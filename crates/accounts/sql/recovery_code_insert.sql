INSERT INTO recovery_code (id, account, hash) VALUES ($1, $2, $3)
