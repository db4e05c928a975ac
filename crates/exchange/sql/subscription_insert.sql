INSERT INTO subscription (id, account, address, events, division, secret, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
