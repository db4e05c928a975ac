SELECT id, account, person, relation, scopes, made_at, made_by, ended_at FROM family_bond
WHERE account = $1 ORDER BY id DESC
