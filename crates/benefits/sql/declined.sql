-- Why people decline, most often first.
SELECT e.code, COUNT(*)
FROM matter_event e JOIN matter m ON m.id = e.matter
WHERE e.kind = 'contact_declined' AND m.village BETWEEN $1 AND $2 AND ($3 = '' OR m.rule = $3)
GROUP BY e.code
ORDER BY COUNT(*) DESC, e.code
