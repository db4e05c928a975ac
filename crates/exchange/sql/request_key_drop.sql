DELETE FROM request_key WHERE account = $1 AND key = $2 AND digest = $3 AND status IS NULL
