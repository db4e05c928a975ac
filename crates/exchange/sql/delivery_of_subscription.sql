SELECT id, event, state, attempts, status, fault, made_at, tried_at FROM delivery
WHERE subscription = $1 ORDER BY id DESC LIMIT 200
