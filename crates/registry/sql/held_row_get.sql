SELECT id, list, row_no, state, subject, codes, sealed FROM held_row WHERE id = $1
