SELECT id, kind, about, person, account, division, words, received_at, state, done_at, done_by, outcome
FROM message WHERE account = $1 ORDER BY id DESC
