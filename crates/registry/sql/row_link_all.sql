SELECT id, person, linked_on, undone_on FROM row_link ORDER BY id
