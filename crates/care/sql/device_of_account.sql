SELECT id, account, label, state, made_at, seen_at, clock_off_ms
FROM care_device
WHERE account = $1
ORDER BY seen_at DESC, id
