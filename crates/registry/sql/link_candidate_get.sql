SELECT id, kind, person, other, state, probability, evidence, before FROM link_candidate WHERE id = $1
