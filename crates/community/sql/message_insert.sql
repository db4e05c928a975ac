INSERT INTO message (id, kind, about, person, account, division, words, received_at, state)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open')
