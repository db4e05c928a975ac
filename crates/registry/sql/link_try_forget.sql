DELETE FROM link_try WHERE held_row = $1
