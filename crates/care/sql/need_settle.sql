UPDATE care_need SET state = $2, settled_by = $3, settled_at = $4 WHERE id = $1 AND state = 'open'
