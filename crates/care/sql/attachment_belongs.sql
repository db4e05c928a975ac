INSERT INTO care_attachment (id, account, device, kind, mime, bytes, sha256, received, state, began_at, operation)
VALUES ($1, $2, $3, '', '', 0, $6, 0, 'coming', $5, $4)
ON CONFLICT (id) DO UPDATE SET operation = excluded.operation
WHERE care_attachment.account = excluded.account AND care_attachment.operation IS NULL
