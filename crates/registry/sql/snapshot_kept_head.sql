SELECT made, reading, as_of, statement, person, link, astray FROM snapshot_kept_head ORDER BY made DESC LIMIT 1
