INSERT INTO account_assignment (id, account, person, given_at, given_by) VALUES ($1, $2, $3, $4, $5)
