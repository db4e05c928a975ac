UPDATE held_row SET state = $2, settled_by = $3 WHERE id = $1
