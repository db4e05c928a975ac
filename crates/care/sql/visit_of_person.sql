SELECT id, operation, person, village, kind, met, attention, account, happened_on, happened_at, device_at, received_at,
    clock_off_ms, sealed
FROM care_visit
WHERE person = $1
ORDER BY happened_at DESC, id DESC
LIMIT $2
