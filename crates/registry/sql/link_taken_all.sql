-- Of whom a layout speaks; what a waiting row keeps open is left out.
SELECT subject FROM statement
WHERE layout = $1 AND closed_by IS NULL
    AND id NOT IN (SELECT keeps FROM held_row WHERE keeps IS NOT NULL AND state IN ('faulty', 'unlinked'))
