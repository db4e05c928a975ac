-- What link_taken_all may have come to give since it was asked: entries of linked rows, and of whom a row kept a
-- statement open that waits no more.
SELECT subject FROM statement
WHERE layout = $1 AND closed_by IS NULL
    AND (subject < 0 OR id IN (SELECT keeps FROM held_row WHERE keeps IS NOT NULL))
    AND id NOT IN (SELECT keeps FROM held_row WHERE keeps IS NOT NULL AND state IN ('faulty', 'unlinked'))
