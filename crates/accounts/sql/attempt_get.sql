SELECT wrong, last_at, wait_until FROM sign_in_attempt WHERE subject = $1
