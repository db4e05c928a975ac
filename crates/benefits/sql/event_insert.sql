INSERT INTO matter_event (matter, sequence, kind, on_day, at, actor, actor_as, code, day, state_after, sealed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
