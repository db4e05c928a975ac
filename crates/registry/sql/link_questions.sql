-- Open questions: a waiting row and the persons it may be about.
SELECT c.id, c.person, c.other, c.probability, c.evidence, c.before, h.list, h.row_no, l.source, l.list_date
FROM link_candidate c
JOIN held_row h ON h.id = c.other
JOIN list l ON l.id = h.list
WHERE c.kind = 'row' AND c.state = 'open'
ORDER BY c.other, c.probability DESC, c.person
