SELECT id, thing_key FROM thing WHERE entity = $1 ORDER BY id
