INSERT INTO act (id, act_key, list, row_no, person, what, actor, recorded_at, news)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
