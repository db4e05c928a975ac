SELECT subscription, event, body FROM delivery WHERE id = $1
