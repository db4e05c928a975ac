UPDATE job SET state = $3, due_at = $4, finished_at = $5, fault = $6, leased_until = NULL
WHERE id = $1 AND attempts = $2 AND state = 'running'
