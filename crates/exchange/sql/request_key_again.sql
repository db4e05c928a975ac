UPDATE request_key SET digest = $3, began_at = $4, status = NULL, kind = NULL, answer = NULL
WHERE account = $1 AND key = $2 AND began_at = $5
