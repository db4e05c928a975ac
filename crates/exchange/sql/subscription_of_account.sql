SELECT id, account, address, events, division, made_at, ended_at FROM subscription
WHERE account = $1 AND ended_at IS NULL ORDER BY id
