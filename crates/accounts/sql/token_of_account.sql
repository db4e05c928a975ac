SELECT id, name, permissions, division, made_at, ends_at, seen_at
FROM account_token WHERE account = $1 AND ended_at IS NULL ORDER BY id DESC
