DELETE FROM snapshot_kept WHERE made < $1
