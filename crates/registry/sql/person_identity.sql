SELECT identity, list, row_no FROM person WHERE id = $1
