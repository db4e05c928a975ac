-- Held, released and refused receipts of a list that has now been taken.
UPDATE list SET state = 'superseded'
WHERE source = $1 AND list_date = $2 AND scope = $3 AND state IN ('held', 'released', 'refused') AND id <> $4
