INSERT INTO account (id, username, kind, state, division, profile, phone_blind, made_at, made_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
