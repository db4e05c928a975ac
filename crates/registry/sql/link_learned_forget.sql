DELETE FROM link_learned WHERE source = $1
