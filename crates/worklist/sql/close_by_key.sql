UPDATE work_item SET state = 'closed', closed_on = $2, closed_why = $3 WHERE item_key = $1 AND state = 'open'
