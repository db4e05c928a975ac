INSERT INTO care_assessment (id, person, village, scale, state, opened_on) VALUES ($1, $2, $3, $4, $5, $6)
