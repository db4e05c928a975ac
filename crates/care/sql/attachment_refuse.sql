UPDATE care_attachment SET state = 'refused', refusal = $2, received = 0 WHERE id = $1
