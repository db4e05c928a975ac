SELECT
    (SELECT COUNT(DISTINCT other) FROM link_candidate WHERE state = 'open' AND kind = 'row'),
    (SELECT COUNT(*) FROM held_row
        WHERE state = 'unlinked' AND subject IS NULL OR state = 'faulty' AND codes = 'birth_date_differs')
