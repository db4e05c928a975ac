DELETE FROM imprint WHERE source = $1
