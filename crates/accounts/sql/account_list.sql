SELECT id, username, kind, state, division, profile, CASE WHEN totp IS NULL THEN 0 ELSE 1 END, made_at
FROM account WHERE division >= $1 AND division < $2 ORDER BY username
