INSERT INTO own_list (list, source, sealed) VALUES ($1, $2, 0)
