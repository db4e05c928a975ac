UPDATE request_key SET status = $3, kind = $4, answer = $5 WHERE account = $1 AND key = $2 AND digest = $6
