SELECT id FROM person WHERE numbered = 0 ORDER BY id
