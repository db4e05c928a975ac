INSERT INTO care_device (id, account, label, state, made_at, seen_at, clock_off_ms, generation)
VALUES ($1, $2, $3, 'in_use', $4, $4, $5, 0)
ON CONFLICT (id) DO NOTHING
