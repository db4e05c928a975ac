SELECT id, kind, person, other, state, probability, evidence, before FROM link_candidate
WHERE kind = 'row' AND state = 'open' AND other = $1
ORDER BY probability DESC, person
