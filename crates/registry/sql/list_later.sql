-- Full lists of a source taken before, with their scopes.
SELECT list_date, scope FROM list WHERE source = $1 AND state = 'accepted' AND mode = 'full' AND list_date > $2
ORDER BY list_date
