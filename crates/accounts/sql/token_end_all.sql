UPDATE account_token SET ended_at = $2 WHERE account = $1 AND ended_at IS NULL
