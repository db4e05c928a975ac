INSERT INTO care_attachment (id, account, device, kind, mime, bytes, sha256, received, state, began_at)
VALUES ($1, $2, $3, $4, '', $5, $6, 0, 'coming', $7)
ON CONFLICT (id) DO UPDATE
SET kind = excluded.kind, bytes = excluded.bytes, sha256 = excluded.sha256
WHERE care_attachment.kind = '' AND care_attachment.account = excluded.account
