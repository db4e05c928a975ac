-- The entry of a row that was linked when its list came before.
SELECT r.id FROM row_link r
JOIN link_candidate c ON c.id = r.candidate
WHERE c.row_key = $1 AND r.undone_on IS NULL
