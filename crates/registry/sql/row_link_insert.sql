INSERT INTO row_link (id, candidate, person, linked_on) VALUES ($1, $2, $3, $4)
