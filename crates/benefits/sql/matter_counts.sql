SELECT state, rule, step, COUNT(*), SUM(CASE WHEN due_on < $3 THEN 1 ELSE 0 END)
FROM matter
WHERE village BETWEEN $1 AND $2
GROUP BY state, rule, step
ORDER BY state, rule, step
