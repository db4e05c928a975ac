INSERT INTO consultation (id, pack, title, content, opened_on, opened_by, closes_on, usual_days, shortened_why)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
