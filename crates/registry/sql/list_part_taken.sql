-- Rows that waited when a list was taken.
SELECT p.list, CAST(SUM(p.faulty) AS BIGINT), CAST(SUM(p.unlinked) AS BIGINT)
FROM list_part p
JOIN list l ON l.id = p.list
WHERE p.division BETWEEN $1 AND $2 AND l.list_date BETWEEN $3 AND $4
GROUP BY p.list
ORDER BY p.list
