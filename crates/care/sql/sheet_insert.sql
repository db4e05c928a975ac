INSERT INTO care_sheet (id, operation, assessment, account, device, happened_at, received_at, sealed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
