SELECT id FROM row_link WHERE candidate = $1 AND undone_on IS NULL ORDER BY id
