-- Every statement of a layout, a subject's in the order they were made.
SELECT id, subject, payload, sealed, valid_from, valid_until, list, closed_on, closed_by
FROM statement
WHERE layout = $1
ORDER BY subject, id
