INSERT INTO person_past (id, person, identity, until_list) VALUES ($1, $2, $3, $4)
