SELECT id, list, row_no, link_blind, sealed FROM held_row
WHERE state = 'unlinked' AND link_blind IS NOT NULL
ORDER BY list, row_no, id
