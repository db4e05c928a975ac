-- The pairs people decided on a day.
SELECT c.id, c.kind, c.person, c.other, c.state, c.probability, c.evidence, c.before
FROM link_decision d
JOIN link_candidate c ON c.id = d.candidate
WHERE d.decided_on = $1 AND d.decided_by NOT LIKE 'linkage/%'
ORDER BY d.id
