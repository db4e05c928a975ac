SELECT role, division, place FROM account_grant
WHERE account = $1 AND ended_at IS NULL AND confirmed_at IS NOT NULL ORDER BY id
