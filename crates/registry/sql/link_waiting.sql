-- Rows that wait for a person and that this engine has not compared; an empty engine: all.
SELECT h.id, h.list, h.row_no, h.sealed, h.state
FROM held_row h
LEFT JOIN link_try t ON t.held_row = h.id AND t.engine = $1
WHERE t.held_row IS NULL
    AND (h.state = 'unlinked' AND h.subject IS NULL OR h.state = 'faulty' AND h.codes = 'birth_date_differs')
ORDER BY h.list, h.row_no, h.id
