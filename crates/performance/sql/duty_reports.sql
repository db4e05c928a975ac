SELECT clause, division, id, done_on, done_by, evidence, file_ref, note, reported_on, reported_by,
       withdrawn_on, withdrawn_by, withdrawn_why
FROM duty_report
WHERE pack = $1
ORDER BY clause, division, done_on, id
