DELETE FROM account_session WHERE id = $1 AND account = $2
