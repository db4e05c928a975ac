-- Questions about rows that were linked, corrected or replaced by a newer list.
UPDATE link_candidate SET state = 'settled'
WHERE state = 'open' AND kind = 'row'
    AND other NOT IN (SELECT id FROM held_row WHERE state IN ('faulty', 'unlinked'))
