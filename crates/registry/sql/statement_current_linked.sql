-- Statements of a layout about linked rows, whose entries lie below zero, that no list has closed.
SELECT id, subject, sub_key, payload, sealed_digest, valid_from, valid_until, list
FROM statement
WHERE layout = $1 AND subject < 0 AND closed_by IS NULL
ORDER BY subject, id
