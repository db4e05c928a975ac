UPDATE care_device SET state = $2 WHERE id = $1
