-- A locked account stays locked.
UPDATE account SET state = 'active' WHERE id = $1 AND state = 'invited'
