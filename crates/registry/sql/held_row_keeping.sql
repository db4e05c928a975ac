-- The statements that waiting rows keep open.
SELECT keeps FROM held_row WHERE keeps IS NOT NULL AND state IN ('faulty', 'unlinked')
