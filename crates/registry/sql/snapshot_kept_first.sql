-- The first part of everything that was kept together.
SELECT source, sealed FROM snapshot_kept WHERE made = $1 AND part = 0
