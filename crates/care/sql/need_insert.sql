INSERT INTO care_need (id, visit, person, village, found_on, state, sealed) VALUES ($1, $2, $3, $4, $5, $6, $7)
