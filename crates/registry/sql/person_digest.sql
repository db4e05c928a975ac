SELECT digest FROM person WHERE id = $1
