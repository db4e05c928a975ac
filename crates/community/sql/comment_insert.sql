INSERT INTO consultation_comment (id, consultation, about, words, received_at, state, withheld_why)
VALUES ($1, $2, $3, $4, $5, 'waiting', '')
