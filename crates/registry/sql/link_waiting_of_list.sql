SELECT id, sealed FROM held_row
WHERE list = $1 AND (state = 'unlinked' AND subject IS NULL OR state = 'faulty' AND codes = 'birth_date_differs')
ORDER BY id
