UPDATE account SET totp = NULL, totp_pending = NULL, totp_step = NULL WHERE id = $1
