INSERT INTO account_session (id, account, hash, stage, idle_seconds, began_at, seen_at, ends_at, device, renew)
VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8, 0)
