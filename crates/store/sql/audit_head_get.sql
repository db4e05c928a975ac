SELECT sequence, hash, seal, secret FROM audit_head WHERE id = 1
