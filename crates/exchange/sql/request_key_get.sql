SELECT digest, began_at, status, kind, answer FROM request_key WHERE account = $1 AND key = $2
