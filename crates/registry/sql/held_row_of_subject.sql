SELECT list FROM held_row WHERE subject = $1 AND subject IS NOT NULL AND state IN ('faulty', 'unlinked')
