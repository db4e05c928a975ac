UPDATE family_bond SET ended_at = $2, ended_by = $3 WHERE account = $1 AND ended_at IS NULL
