UPDATE account_grant SET confirmed_at = $2, confirmed_by = $3
WHERE id = $1 AND ended_at IS NULL AND confirmed_at IS NULL
