INSERT INTO link_decision (id, candidate, verdict, decided_by, decided_on, reason, probability, evidence)
SELECT $1, $2, $3, $4, $5, $6, probability, evidence FROM link_candidate WHERE id = $2
