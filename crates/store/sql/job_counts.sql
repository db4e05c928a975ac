SELECT state, COUNT(*) FROM job WHERE state <> 'done' GROUP BY state ORDER BY state
