UPDATE row_link SET undone_on = $2 WHERE id = $1
