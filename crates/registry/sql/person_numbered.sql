SELECT numbered FROM person WHERE id = $1
