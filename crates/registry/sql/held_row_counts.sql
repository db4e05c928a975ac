SELECT list, state, COUNT(*) FROM held_row GROUP BY list, state ORDER BY list, state
