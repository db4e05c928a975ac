SELECT id, list, row_no, state, subject, codes, sealed, division FROM held_row
WHERE list = $1 AND state IN ('faulty', 'unlinked') AND division BETWEEN $2 AND $3
ORDER BY row_no, id
