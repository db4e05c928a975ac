-- A statement beside the lists that opened and closed it, for one subject's page: lists that do not count are none.
SELECT s.id, s.payload, s.sealed, s.valid_from, s.valid_until, s.list, s.closed_on, s.closed_by, s.row_no,
    o.id, o.source, o.list_date, o.scope, o.mode, o.received_on,
    c.id, c.source, c.list_date, c.scope, c.mode, c.received_on
FROM statement s
LEFT JOIN list o ON o.id = s.list AND o.state = 'accepted'
LEFT JOIN list c ON c.id = s.closed_by AND c.state = 'accepted'
WHERE s.layout = $1 AND s.subject = $2
ORDER BY s.id
