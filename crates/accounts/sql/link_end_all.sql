UPDATE account_link SET used_at = $2 WHERE account = $1 AND used_at IS NULL
