SELECT s.id, s.account, s.stage, s.idle_seconds, s.seen_at, s.ends_at, s.renew,
       CASE WHEN s.hash = $1 THEN 1 ELSE 0 END, a.state, a.username, a.kind, a.profile, s.began_at, s.device
FROM account_session s JOIN account a ON a.id = s.account
WHERE s.hash = $1 OR (s.hash_before = $1 AND s.before_until > $2)
