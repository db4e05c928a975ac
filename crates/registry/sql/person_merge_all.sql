SELECT kept, gone, merged_on, split_on FROM person_merge ORDER BY id
