SELECT source, subject FROM snapshot_astray WHERE id >= $1
