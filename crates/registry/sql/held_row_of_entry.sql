-- Rows of a link, and how many newer full lists speak in their list's place.
SELECT h.id, h.list, h.codes,
    (SELECT COUNT(*) FROM list n
        WHERE n.source = l.source AND n.scope = l.scope AND n.mode = 'full' AND n.state = 'accepted'
            AND n.list_date >= l.list_date AND n.id > l.id)
FROM row_link_row r
JOIN held_row h ON h.id = r.held_row
JOIN list l ON l.id = h.list
WHERE r.link = $1 AND h.state = 'linked'
ORDER BY h.id
