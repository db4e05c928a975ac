SELECT person FROM row_link WHERE id = $1 AND undone_on IS NULL
