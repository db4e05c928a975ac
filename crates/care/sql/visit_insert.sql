INSERT INTO care_visit (id, operation, person, village, kind, met, attention, account, device, happened_on, happened_at,
    device_at, received_at, clock_off_ms, sealed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
