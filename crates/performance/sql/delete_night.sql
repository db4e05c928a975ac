DELETE FROM indicator_value
WHERE as_of = $1 AND pack = $2
