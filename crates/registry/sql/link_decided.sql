-- The last decisions of people; the engine's own begin with its name.
SELECT c.id, c.kind, c.person, c.other, c.state, d.probability, c.evidence, c.before, d.verdict, d.decided_by,
    d.decided_on, d.reason
FROM link_decision d
JOIN link_candidate c ON c.id = d.candidate
WHERE d.decided_by NOT LIKE 'linkage/%'
ORDER BY d.id DESC
LIMIT $1
