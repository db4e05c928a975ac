INSERT INTO duty_report (id, pack, clause, division, done_on, evidence, reported_on)
VALUES ($1, $2, $3, $4, $5, $6, $7)
