SELECT part, sealed FROM imprint WHERE source = $1 ORDER BY part
