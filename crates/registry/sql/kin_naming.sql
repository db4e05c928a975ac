SELECT id, payload, subject FROM statement
WHERE layout = $1 AND sub_key = $2 AND sub_key <> '' AND closed_by IS NULL
ORDER BY id
