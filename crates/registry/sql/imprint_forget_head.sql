DELETE FROM imprint_head WHERE source = $1
