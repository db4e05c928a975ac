-- The first statement, person, linked row and entry of snapshot_astray that are not there yet, and the number of the next
-- keeping.
SELECT COALESCE((SELECT MAX(id) FROM statement), 0) + 1, COALESCE((SELECT MAX(id) FROM person), 0) + 1,
    COALESCE((SELECT MAX(id) FROM row_link), 0) + 1, COALESCE((SELECT MAX(id) FROM snapshot_astray), 0) + 1, COALESCE((
        SELECT MAX(made) FROM (
            SELECT MAX(made) AS made FROM snapshot_kept_head UNION ALL SELECT MAX(made) FROM snapshot_kept
        ) AS all_made
    ), 0) + 1
