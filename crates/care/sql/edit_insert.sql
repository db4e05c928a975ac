INSERT INTO care_edit (id, operation, person, village, field, base, account, device, happened_at, received_at, state,
    sealed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
