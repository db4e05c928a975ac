-- The last decisions of people before one; the engine's own begin with its name.
SELECT c.id, c.kind, c.person, c.other, c.state, d.probability, c.evidence, c.before, d.verdict, d.decided_by,
    d.decided_on, d.reason, d.id
FROM link_decision d
JOIN link_candidate c ON c.id = d.candidate
WHERE d.decided_by NOT LIKE 'linkage/%' AND d.id < $1
ORDER BY d.id DESC
LIMIT $2
