UPDATE award SET void = 1 WHERE id = $1
