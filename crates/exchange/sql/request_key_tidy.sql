DELETE FROM request_key WHERE began_at < $1
