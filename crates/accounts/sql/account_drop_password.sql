UPDATE account SET password = NULL, password_set_at = NULL WHERE id = $1
