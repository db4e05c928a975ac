UPDATE account_grant SET ended_at = $5, ended_by = $6
WHERE account = $1 AND role = $2 AND COALESCE(division, '') = $3 AND COALESCE(place, 0) = $4 AND ended_at IS NULL
