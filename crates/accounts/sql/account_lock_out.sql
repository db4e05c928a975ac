UPDATE account SET state = 'locked' WHERE id = $1 AND state = 'active'
