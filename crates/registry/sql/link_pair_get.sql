SELECT id, state, evidence, probability FROM link_candidate WHERE kind = 'person' AND person = $1 AND other = $2
