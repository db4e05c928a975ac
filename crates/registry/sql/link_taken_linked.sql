-- What link_taken_all may have come to give since it was asked: entries of linked rows, and of whom a row kept a
-- statement open that waits no more.
SELECT subject FROM statement
WHERE layout = $1 AND subject < 0 AND closed_by IS NULL
    AND NOT EXISTS (SELECT 1 FROM held_row WHERE keeps = statement.id AND state IN ('faulty', 'unlinked'))
UNION
SELECT statement.subject
FROM held_row JOIN statement ON statement.id = held_row.keeps
WHERE held_row.keeps IS NOT NULL AND statement.layout = $1 AND statement.closed_by IS NULL
    AND NOT EXISTS (
        SELECT 1 FROM held_row AS waiting
        WHERE waiting.keeps = statement.id AND waiting.state IN ('faulty', 'unlinked')
    )
