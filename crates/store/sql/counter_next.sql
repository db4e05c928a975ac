INSERT INTO counter (name, next) VALUES ($1, CAST($2 AS BIGINT) + 1)
ON CONFLICT (name) DO UPDATE SET next = counter.next + CAST($2 AS BIGINT)
RETURNING next
