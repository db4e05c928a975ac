-- Open items of a kind by how far someone is with them; `again` once its day has come counts as not begun.
SELECT rule, CASE WHEN hand = 'again' AND hand_on <= $4 THEN '' ELSE hand END, COUNT(*),
    SUM(CASE WHEN due_on < $4 THEN 1 ELSE 0 END)
FROM work_item
WHERE state = 'open' AND kind = $1 AND village BETWEEN $2 AND $3
GROUP BY rule, CASE WHEN hand = 'again' AND hand_on <= $4 THEN '' ELSE hand END
ORDER BY 1, 2
