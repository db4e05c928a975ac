INSERT INTO external_identity (id, account, issuer, subject, subject_blind, linked_at, linked_by)
VALUES ($1, $2, $3, $4, $5, $6, $7)
