-- A worker that died in the last attempt left these.
UPDATE job SET state = 'failed', fault = 'lease_expired', finished_at = $2, leased_until = NULL
WHERE kind = $1 AND state = 'running' AND leased_until <= $2 AND attempts >= most_attempts
