SELECT list, state, COUNT(*) FROM held_row
WHERE state IN ('faulty', 'unlinked') AND division BETWEEN $1 AND $2
GROUP BY list, state
ORDER BY list, state
