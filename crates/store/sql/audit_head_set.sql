UPDATE audit_head SET sequence = $1, hash = $2, seal = $3 WHERE id = 1
