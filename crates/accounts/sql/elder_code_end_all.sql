UPDATE elder_code SET spent_at = $2 WHERE person = $1 AND spent_at IS NULL
