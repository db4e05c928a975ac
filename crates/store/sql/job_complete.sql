UPDATE job SET state = 'done', finished_at = $3, leased_until = NULL, fault = NULL
WHERE id = $1 AND attempts = $2 AND state = 'running'
