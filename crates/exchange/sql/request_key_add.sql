INSERT INTO request_key (account, key, digest, began_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (account, key) DO NOTHING
