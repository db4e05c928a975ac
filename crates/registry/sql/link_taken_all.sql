-- Of whom a layout speaks; what a waiting row keeps open is left out, as in link_taken_some.
SELECT subject FROM statement
WHERE layout = $1 AND closed_by IS NULL
    AND NOT EXISTS (SELECT 1 FROM held_row WHERE keeps = statement.id AND state IN ('faulty', 'unlinked'))
