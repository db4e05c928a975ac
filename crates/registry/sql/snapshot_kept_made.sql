-- Everything that is kept, parts without their head among it.
SELECT made FROM snapshot_kept_head UNION SELECT made FROM snapshot_kept
