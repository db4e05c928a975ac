SELECT id, at, account, role, person, purpose, fields, note FROM reveal WHERE person = $1 ORDER BY id DESC
