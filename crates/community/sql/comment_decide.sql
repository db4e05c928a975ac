UPDATE consultation_comment SET state = $3, withheld_why = $4, decided_at = $5, decided_by = $6, theme = $7
WHERE id = $1 AND consultation = $2
