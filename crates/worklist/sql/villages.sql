SELECT village, COUNT(*), SUM(CASE WHEN due_on < $6 THEN 1 ELSE 0 END), COUNT(DISTINCT person_id)
FROM work_item
WHERE state = 'open' AND kind = $1 AND village BETWEEN $2 AND $3
  AND ($4 = '' OR rule = $4) AND ($5 = '' OR fact = $5)
  AND ($7 = 'any'
    OR ($7 = 'todo' AND (hand = '' OR (hand = 'again' AND hand_on <= $6)))
    OR ($7 = 'begun' AND hand <> '' AND NOT (hand = 'again' AND hand_on <= $6)))
GROUP BY village
ORDER BY 3 DESC, 2 DESC, village
