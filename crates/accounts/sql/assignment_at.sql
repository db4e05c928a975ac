SELECT COUNT(*)
FROM account_assignment
WHERE account = $1 AND person = $2 AND given_at <= $3 AND (ended_at IS NULL OR ended_at >= $3)
