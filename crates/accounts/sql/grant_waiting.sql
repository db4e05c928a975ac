SELECT g.id, g.account, g.given_at, g.given_by, g.role, g.division, g.place, a.division
FROM account_grant g JOIN account a ON a.id = g.account
WHERE g.ended_at IS NULL AND g.confirmed_at IS NULL AND a.state <> 'closed' ORDER BY g.id
