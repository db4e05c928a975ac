INSERT INTO night_people (night, ids, codes, places)
VALUES ($1, $2, $3, $4)
