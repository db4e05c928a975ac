INSERT INTO family_bond (id, account, person, relation, scopes, made_at, made_by) VALUES ($1, $2, $3, $4, $5, $6, $7)
