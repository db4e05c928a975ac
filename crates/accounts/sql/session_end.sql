DELETE FROM account_session WHERE id = $1
