INSERT INTO consent (id, bond, verdict, scopes, text_id, text_version, means, spoke, at, recorded_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
