-- Whom the statements of a layout are about, from one subject up to before another, and when; $2 and $3 as in
-- statement_all.
SELECT subject, valid_from, valid_until, list, closed_on, closed_by
FROM statement
WHERE layout = $1 AND (closed_by IS NULL OR closed_on > $2 OR closed_by > $3) AND subject >= $4 AND subject < $5
