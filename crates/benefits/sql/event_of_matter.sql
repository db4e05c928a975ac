SELECT sequence, kind, on_day, at, actor, actor_as, code, day, state_after, sealed
FROM matter_event
WHERE matter = $1
ORDER BY sequence
