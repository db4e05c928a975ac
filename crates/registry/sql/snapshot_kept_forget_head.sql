DELETE FROM snapshot_kept_head WHERE made = $1
