INSERT INTO account_link (id, account, purpose, hash, made_at, made_by, ends_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
