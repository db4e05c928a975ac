DELETE FROM row_link_row WHERE held_row = $1
