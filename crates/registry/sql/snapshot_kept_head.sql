-- The newest day up to one that was read in a way.
SELECT made, reading, as_of, statement, person, link, astray FROM snapshot_kept_head
WHERE reading = $1 AND as_of <= $2 ORDER BY as_of DESC, made DESC LIMIT 1
