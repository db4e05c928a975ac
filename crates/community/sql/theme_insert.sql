INSERT INTO consultation_theme (id, consultation, title, verdict, reply, made_by) VALUES ($1, $2, $3, $4, $5, $6)
