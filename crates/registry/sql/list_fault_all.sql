SELECT list_fault.list, list_fault.name, list_fault.code, list_fault.faults
FROM list_fault JOIN list ON list.id = list_fault.list
WHERE list.list_date BETWEEN $1 AND $2
ORDER BY list_fault.list, list_fault.name, list_fault.code
