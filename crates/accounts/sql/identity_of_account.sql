SELECT id, issuer, linked_at FROM external_identity WHERE account = $1 ORDER BY id
