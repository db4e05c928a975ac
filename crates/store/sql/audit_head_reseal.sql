UPDATE audit_head SET seal = $1, secret = $2 WHERE id = 1
