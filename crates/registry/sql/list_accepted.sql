SELECT id, source, list_date, scope, mode, received_on FROM list WHERE state = 'accepted' ORDER BY id
