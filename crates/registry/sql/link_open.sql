-- Every open question with the list its row stands in; none for two persons.
SELECT c.id, c.kind, c.person, c.other, c.state, c.probability, c.evidence, c.before, l.source, h.list, l.list_date
FROM link_candidate c
LEFT JOIN held_row h ON c.kind = 'row' AND h.id = c.other
LEFT JOIN list l ON l.id = h.list
WHERE c.state = 'open'
ORDER BY c.probability DESC, c.id
