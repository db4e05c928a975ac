SELECT account, role, division, place, CASE WHEN confirmed_at IS NULL THEN 1 ELSE 0 END FROM account_grant
WHERE ended_at IS NULL ORDER BY account, id
