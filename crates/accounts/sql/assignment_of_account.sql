SELECT DISTINCT person FROM account_assignment WHERE account = $1 AND ended_at IS NULL ORDER BY person
