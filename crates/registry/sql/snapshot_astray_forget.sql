DELETE FROM snapshot_astray WHERE id < $1
