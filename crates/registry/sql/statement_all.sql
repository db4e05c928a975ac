-- Statements of a layout, a subject's in the order they were made. What a list up to $3 closed on $2 or before holds
-- no more and is left out; an empty $2 leaves out nothing.
SELECT id, subject, payload, sealed, valid_from, valid_until, list, closed_on, closed_by
FROM statement
WHERE layout = $1 AND (closed_by IS NULL OR closed_on > $2 OR closed_by > $3)
ORDER BY subject, id
