-- Only when nobody else added an event meanwhile.
UPDATE matter SET pack = $2, pack_version = $3, village = $4, state = $5, step = $6, step_since = $7, due_on = $8,
    filed_on = $9, filed_by = $10, filed_as = $11, recommended_by = $12, recommends = $13, decided_on = $14,
    decided_by = $15, stop_by = $16, stop_from = $17, closed_on = $18, papers = $19, events = $20
WHERE id = $1 AND events = $20 - 1
