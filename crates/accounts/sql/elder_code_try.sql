UPDATE elder_code SET tries = tries - 1 WHERE id = $1 AND tries > 0 AND spent_at IS NULL AND ends_at > $2
