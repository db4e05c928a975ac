-- The newest full list of a source, up to a day, that speaks for a place: its scope is one of six, or any counts.
SELECT id, source, list_date, scope, mode, received_on
FROM list
WHERE source = $1 AND list_date <= $2 AND state = 'accepted' AND mode = 'full' AND id <= $3 AND received_on <= $4
    AND ($5 = 1 OR scope IN ($6, $7, $8, $9, $10, $11))
ORDER BY list_date DESC, id DESC
LIMIT 1
