SELECT id, list, row_no, state, subject, codes, sealed, division FROM held_row
WHERE list = $1 AND state IN ('faulty', 'unlinked')
ORDER BY row_no, id
