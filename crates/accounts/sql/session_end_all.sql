DELETE FROM account_session WHERE account = $1 AND id <> $2
