UPDATE care_attachment SET state = 'whole', mime = $2 WHERE id = $1
