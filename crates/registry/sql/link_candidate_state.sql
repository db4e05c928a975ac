UPDATE link_candidate SET state = $2 WHERE id = $1
