SELECT village, COUNT(*), SUM(CASE WHEN due_on < $6 THEN 1 ELSE 0 END), COUNT(DISTINCT person_id)
FROM work_item
WHERE state = 'open' AND kind = $1 AND village BETWEEN $2 AND $3
  AND ($4 = '' OR rule = $4) AND ($5 = '' OR fact = $5)
GROUP BY village
ORDER BY 3 DESC, 2 DESC, village
