INSERT INTO care_operation (id, account, device, sequence, kind, digest, done_at, received_at, clock_off_ms, outcome)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'refused')
ON CONFLICT (id) DO NOTHING
