-- What every day that is kept knows.
DELETE FROM snapshot_astray WHERE id < (SELECT MIN(astray) FROM snapshot_kept_head)
