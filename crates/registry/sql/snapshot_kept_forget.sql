DELETE FROM snapshot_kept WHERE made NOT IN (SELECT made FROM snapshot_kept_head)
