SELECT id, identity FROM person ORDER BY id
