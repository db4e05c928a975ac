-- What lists of a span of days held of a part of the region.
SELECT p.list, p.row_count, p.faulty, p.unlinked, p.opened, p.changed, p.closed, p.filled, p.faults
FROM list_part p
JOIN list l ON l.id = p.list
WHERE p.division BETWEEN $1 AND $2 AND l.list_date BETWEEN $3 AND $4
ORDER BY p.list, p.division
