INSERT INTO reveal (id, at, account, role, person, purpose, fields, note) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
