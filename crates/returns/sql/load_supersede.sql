UPDATE return_load SET state = 'superseded' WHERE county = $1 AND as_of = $2 AND state = 'current'
