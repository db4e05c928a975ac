UPDATE account SET totp_pending = $2 WHERE id = $1
