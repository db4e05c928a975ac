INSERT INTO job (id, kind, key, payload, state, attempts, most_attempts, created_at, due_at)
VALUES ($1, $2, $3, $4, 'waiting', 0, $5, $6, $7)
ON CONFLICT (kind, key) DO NOTHING
