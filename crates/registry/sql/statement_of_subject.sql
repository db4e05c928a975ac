SELECT id, payload, sealed, valid_from, valid_until, list, closed_on, closed_by, row_no
FROM statement
WHERE layout = $1 AND subject = $2
ORDER BY id
