-- The statement that a waiting row of a full list keeps open.
UPDATE held_row SET keeps = $3 WHERE list = $1 AND row_no = $2 AND state IN ('faulty', 'unlinked')
