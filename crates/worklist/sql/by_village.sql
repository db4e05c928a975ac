SELECT village, COALESCE(fact, ''), COUNT(*), SUM(CASE WHEN due_on < $4 THEN 1 ELSE 0 END), COUNT(DISTINCT person_id)
FROM work_item
WHERE state = 'open' AND kind = $1 AND village BETWEEN $2 AND $3
GROUP BY village, COALESCE(fact, '')
ORDER BY village, COALESCE(fact, '')
