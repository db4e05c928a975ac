-- A statement that a waiting row keeps open is not the list's word on the person: that row may be theirs.
SELECT id FROM statement
WHERE layout = $1 AND subject = $2 AND closed_by IS NULL
    AND NOT EXISTS (SELECT 1 FROM held_row WHERE keeps = statement.id AND state IN ('faulty', 'unlinked'))
