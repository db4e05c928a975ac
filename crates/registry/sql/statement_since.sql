-- Whom statements from one on are about, up to so many.
SELECT layout, subject FROM statement WHERE id >= $1 ORDER BY id LIMIT $2
