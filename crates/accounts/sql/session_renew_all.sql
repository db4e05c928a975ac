UPDATE account_session SET renew = 1 WHERE account = $1
