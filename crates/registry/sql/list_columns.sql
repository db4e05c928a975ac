SELECT columns FROM list WHERE id = $1
