SELECT id, mark FROM key_mark ORDER BY id
