INSERT INTO delivery (id, subscription, event, body, state, attempts, made_at) VALUES ($1, $2, $3, $4, 'waiting', 0, $5)
