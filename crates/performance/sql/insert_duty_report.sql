INSERT INTO duty_report
    (id, pack, clause, division, done_on, done_by, evidence, file_ref, note, reported_on, reported_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
