-- Statements of a layout about one subject that no list has closed.
SELECT id, subject, sub_key, payload, sealed_digest, valid_from, valid_until, list
FROM statement
WHERE layout = $1 AND subject = $2 AND closed_by IS NULL
ORDER BY id
