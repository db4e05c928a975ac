SELECT c.id, c.kind, c.person, c.other, c.state, c.probability, c.evidence, c.before
FROM row_link r
JOIN link_candidate c ON c.id = r.candidate
WHERE r.person = $1 AND r.undone_on IS NULL
ORDER BY r.id
