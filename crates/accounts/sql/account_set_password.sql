UPDATE account SET password = $2, password_set_at = $3 WHERE id = $1
