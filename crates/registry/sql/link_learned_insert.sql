INSERT INTO link_learned (source, learned_on, list, row_count, rounds, settled, parameters)
VALUES ($1, $2, $3, $4, $5, $6, $7)
