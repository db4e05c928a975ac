SELECT id FROM statement WHERE layout = $1 AND subject = $2 AND closed_by IS NULL
