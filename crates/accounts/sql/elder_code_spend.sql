UPDATE elder_code SET spent_at = $2 WHERE id = $1 AND spent_at IS NULL
