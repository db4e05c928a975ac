SELECT id, person, state, evidence FROM link_candidate WHERE row_key = $1 ORDER BY id
