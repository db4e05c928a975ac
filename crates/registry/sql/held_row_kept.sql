SELECT id, keeps FROM held_row WHERE list = $1 AND keeps IS NOT NULL ORDER BY id
