SELECT kind, rule, COUNT(*), SUM(CASE WHEN due_on < $3 THEN 1 ELSE 0 END)
FROM work_item
WHERE state = 'open' AND village BETWEEN $1 AND $2
GROUP BY kind, rule
ORDER BY kind, rule
