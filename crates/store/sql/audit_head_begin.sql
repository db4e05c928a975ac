INSERT INTO audit_head (id, sequence, hash, seal, secret) VALUES (1, 0, $1, $2, $3)
