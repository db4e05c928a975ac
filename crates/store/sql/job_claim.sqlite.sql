UPDATE job SET state = 'running', attempts = attempts + 1, leased_until = $3
WHERE id = (
    SELECT id FROM job
    WHERE kind = $1 AND ((state = 'waiting' AND due_at <= $2) OR (state = 'running' AND leased_until <= $2))
    ORDER BY due_at, id LIMIT 1
)
RETURNING id, payload, attempts, most_attempts
