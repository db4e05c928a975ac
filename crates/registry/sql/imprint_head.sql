SELECT reading, past FROM imprint_head WHERE source = $1
