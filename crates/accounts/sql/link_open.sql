SELECT l.account, l.purpose, l.ends_at, a.username, a.kind, a.profile
FROM account_link l JOIN account a ON a.id = l.account
WHERE l.hash = $1 AND l.used_at IS NULL AND l.ends_at > $2 AND a.state <> 'closed'
