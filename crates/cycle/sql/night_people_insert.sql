INSERT INTO night_people (night, ids)
VALUES ($1, $2)
