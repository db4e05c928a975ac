SELECT id, source, entity, plain, sealed FROM layout ORDER BY id
