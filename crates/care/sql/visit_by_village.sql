SELECT village, COUNT(*), SUM(CASE WHEN met = 1 THEN 1 ELSE 0 END), SUM(CASE WHEN attention > 0 THEN 1 ELSE 0 END)
FROM care_visit
WHERE village >= $1 AND village <= $2 AND happened_on BETWEEN $3 AND $4
GROUP BY village
ORDER BY village
