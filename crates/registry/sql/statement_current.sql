-- Statements of a layout that no list has closed, a subject's in the order they were made: the index gives that order,
-- so that no more of the table is read than these.
SELECT id, subject, sub_key, payload, sealed_digest, valid_from, valid_until, list
FROM statement
WHERE layout = $1 AND closed_by IS NULL
ORDER BY subject, id
