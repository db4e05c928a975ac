SELECT clause, division, done_on, evidence, reported_on
FROM duty_report
WHERE pack = $1
ORDER BY clause, division, done_on, id
