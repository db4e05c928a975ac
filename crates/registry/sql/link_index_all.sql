SELECT part, sealed FROM link_index WHERE engine = $1 ORDER BY part
