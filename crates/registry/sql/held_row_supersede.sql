-- Rows of older lists of the same source and scope: the new full list speaks for them.
UPDATE held_row SET state = 'superseded', settled_by = $1
WHERE state IN ('faulty', 'unlinked')
    AND list IN (SELECT id FROM list WHERE source = $2 AND scope = $3 AND list_date <= $4 AND id <> $1)
