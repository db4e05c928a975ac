UPDATE care_attachment SET received = $2 WHERE id = $1
