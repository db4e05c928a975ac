SELECT kind, state, password, totp, totp_step FROM account WHERE id = $1
