SELECT own_list.list, list.row_count
FROM own_list JOIN list ON list.id = own_list.list
WHERE own_list.source = $1 AND own_list.sealed = 0 AND list.list_date = $2
