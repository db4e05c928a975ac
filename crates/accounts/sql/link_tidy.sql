DELETE FROM account_link WHERE ends_at < $1
