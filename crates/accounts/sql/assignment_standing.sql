SELECT DISTINCT person, account FROM account_assignment WHERE ended_at IS NULL ORDER BY person, account
