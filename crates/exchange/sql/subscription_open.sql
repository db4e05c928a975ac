SELECT id, account, address, events, division, made_at, ended_at FROM subscription WHERE ended_at IS NULL ORDER BY id
