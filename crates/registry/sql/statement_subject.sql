SELECT subject FROM statement WHERE id = $1
