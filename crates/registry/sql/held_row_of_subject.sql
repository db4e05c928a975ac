SELECT l.id, l.source, l.list_date, l.scope, l.mode, l.received_on
FROM held_row h JOIN list l ON l.id = h.list AND l.state = 'accepted'
WHERE h.subject = $1 AND h.subject IS NOT NULL AND h.state IN ('faulty', 'unlinked')
