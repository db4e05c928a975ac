INSERT INTO key_mark (id, mark) VALUES ($1, $2)
