UPDATE return_key SET withdrawn_on = $3 WHERE county = $1 AND public_key = $2 AND withdrawn_on IS NULL
