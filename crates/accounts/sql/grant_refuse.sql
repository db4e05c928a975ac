UPDATE account_grant SET ended_at = $2, ended_by = $3
WHERE id = $1 AND ended_at IS NULL AND confirmed_at IS NULL
