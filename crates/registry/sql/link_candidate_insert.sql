INSERT INTO link_candidate (id, kind, person, other, row_key, sealed, state, probability, evidence, found_on)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
