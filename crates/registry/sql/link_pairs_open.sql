SELECT id, person, other FROM link_candidate WHERE kind = 'person' AND state = 'open' ORDER BY id
