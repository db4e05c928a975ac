SELECT id, kind, about, person, account, division, words, received_at, state, done_at, done_by, outcome
FROM message WHERE state = $1 AND division >= $2 AND division < $3 ORDER BY id DESC LIMIT $4
