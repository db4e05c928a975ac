SELECT id, kept, gone, proposed_by, proposed_on, reason, two_people, confirmed_by, merged_on, split_by, split_on,
    split_reason, candidate
FROM person_merge
ORDER BY id
