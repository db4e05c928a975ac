-- Whether a layout has at most so many statements.
SELECT COUNT(*) FROM (SELECT 1 FROM statement WHERE layout = $1 LIMIT $2) AS counted
