SELECT totp_pending FROM account WHERE id = $1
