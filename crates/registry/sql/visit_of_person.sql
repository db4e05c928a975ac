SELECT v.id, v.kind, v.happened_on, v.visitor, v.row_no, v.list, l.source, l.list_date, l.received_on
FROM visit v
JOIN list l ON l.id = v.list
WHERE v.person = $1 AND v.taken_back_by IS NULL
ORDER BY v.happened_on, v.id
