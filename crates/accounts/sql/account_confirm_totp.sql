UPDATE account SET totp = totp_pending, totp_pending = NULL, totp_step = $2 WHERE id = $1 AND totp_pending IS NOT NULL
