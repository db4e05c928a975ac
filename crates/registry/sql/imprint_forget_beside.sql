DELETE FROM imprint WHERE source = $1 AND part = 0
