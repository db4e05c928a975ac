-- Whom statements are about that lists from one on ended, up to so many.
SELECT layout, subject FROM statement WHERE closed_by >= $1 ORDER BY closed_by LIMIT $2
