UPDATE own_list SET sealed = 1 WHERE source = $1 AND sealed = 0
