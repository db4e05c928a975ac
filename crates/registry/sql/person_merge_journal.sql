SELECT id, kept, gone, proposed_by, reason, two_people, confirmed_by, merged_on, split_on FROM person_merge ORDER BY id
