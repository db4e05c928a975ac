UPDATE message SET state = 'done', done_at = $2, done_by = $3, outcome = $4 WHERE id = $1 AND state = 'open'
