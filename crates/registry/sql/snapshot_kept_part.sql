SELECT sealed FROM snapshot_kept WHERE made = $1 AND source = $2 AND part = $3
