SELECT id, account, address, events, division, made_at, ended_at, secret FROM subscription WHERE id = $1
