SELECT t.id, t.account, t.permissions, t.division, t.made_at, t.ends_at, t.seen_at, a.state, a.username, a.kind,
       a.profile
FROM account_token t JOIN account a ON a.id = t.account
WHERE t.hash = $1 AND t.ended_at IS NULL AND t.ends_at > $2
