SELECT id, person, linked_on, undone_on FROM row_link WHERE person = $1 ORDER BY id
