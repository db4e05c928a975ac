UPDATE own_list SET sealed = 1 WHERE sealed = 0
