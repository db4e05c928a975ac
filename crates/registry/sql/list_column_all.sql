SELECT list_column.list, list_column.name, list_column.filled, list_column.position
FROM list_column JOIN list ON list.id = list_column.list
WHERE list.list_date BETWEEN $1 AND $2
ORDER BY list_column.list, list_column.position
