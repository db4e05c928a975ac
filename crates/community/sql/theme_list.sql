SELECT id, title, verdict, reply, made_by FROM consultation_theme WHERE consultation = $1 ORDER BY id
