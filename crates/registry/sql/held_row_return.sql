UPDATE held_row SET state = $2, settled_by = NULL WHERE id = $1
