SELECT id, operation, person, village, field, account, device, happened_at, received_at, state, sealed
FROM care_edit
WHERE person = $1 AND state IN ('current', 'conflict')
ORDER BY id
