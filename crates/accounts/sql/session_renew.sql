UPDATE account_session SET hash = $3, hash_before = $2, before_until = $4, renew = 0 WHERE id = $1 AND hash = $2
