UPDATE care_edit SET state = $2 WHERE id = $1
