DELETE FROM elder_code WHERE ends_at < $1
