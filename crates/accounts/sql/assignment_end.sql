UPDATE account_assignment SET ended_at = $3, ended_by = $4 WHERE account = $1 AND person = $2 AND ended_at IS NULL
