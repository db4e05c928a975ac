INSERT INTO night_outcome (night, rule, met, known)
VALUES ($1, $2, $3, $4)
