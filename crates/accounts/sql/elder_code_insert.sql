INSERT INTO elder_code (id, person, selector, verifier, scopes, tries, made_at, made_by, ends_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
