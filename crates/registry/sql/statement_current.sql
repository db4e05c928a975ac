-- Statements of a layout that no list has closed.
SELECT id, subject, sub_key, payload, sealed_digest, valid_from, valid_until, list
FROM statement
WHERE layout = $1 AND closed_by IS NULL
ORDER BY id
