UPDATE job SET leased_until = $3 WHERE id = $1 AND attempts = $2 AND state = 'running'
