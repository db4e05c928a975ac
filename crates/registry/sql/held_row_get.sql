SELECT id, list, row_no, state, subject, codes, sealed, division FROM held_row WHERE id = $1
