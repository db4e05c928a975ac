SELECT id, operation, person, village, field, account, device, happened_at, received_at, state, sealed
FROM care_edit
WHERE state = 'conflict' AND village >= $1 AND village <= $2
ORDER BY id
