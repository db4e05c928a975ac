SELECT id, id_blind, digest FROM person ORDER BY id
