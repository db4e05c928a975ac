DELETE FROM account_session WHERE ends_at <= $1
