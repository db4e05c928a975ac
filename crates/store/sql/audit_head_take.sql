-- Holds the end of the chain until the transaction ends.
UPDATE audit_head SET sequence = sequence + 1 WHERE id = 1
RETURNING sequence, hash, seal, secret
