-- Rows that wait for someone of a sound number; their content is asked for when that is known.
SELECT id, list, row_no, link_blind FROM held_row
WHERE state = 'unlinked' AND link_blind IS NOT NULL
