INSERT INTO account_token (id, account, name, hash, permissions, division, made_at, ends_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
