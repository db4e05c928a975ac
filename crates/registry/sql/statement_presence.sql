-- Whom the statements of a layout are about, and when.
SELECT subject, valid_from, valid_until, list, closed_on, closed_by
FROM statement
WHERE layout = $1
