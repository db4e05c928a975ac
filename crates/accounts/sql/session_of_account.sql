SELECT id, account, stage, idle_seconds, seen_at, ends_at, device, began_at
FROM account_session WHERE account = $1 AND stage = 'whole' ORDER BY id DESC
