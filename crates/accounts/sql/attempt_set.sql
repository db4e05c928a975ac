UPDATE sign_in_attempt SET wrong = $2, last_at = $3, wait_until = $4 WHERE subject = $1
