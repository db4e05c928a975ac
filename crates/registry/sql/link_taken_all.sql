SELECT subject FROM statement WHERE layout = $1 AND closed_by IS NULL
