INSERT INTO account_grant (id, account, role, division, place, given_at, given_by) VALUES ($1, $2, $3, $4, $5, $6, $7)
