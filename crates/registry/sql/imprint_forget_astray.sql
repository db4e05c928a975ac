DELETE FROM imprint_astray WHERE source = $1
