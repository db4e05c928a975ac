SELECT id, about, words, received_at, state, withheld_why, decided_at, decided_by, theme
FROM consultation_comment WHERE consultation = $1 ORDER BY id
