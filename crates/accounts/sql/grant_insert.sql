INSERT INTO account_grant (id, account, role, division, place, given_at, given_by, confirmed_at, confirmed_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
