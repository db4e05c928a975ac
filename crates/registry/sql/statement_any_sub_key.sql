-- Whether anything is told apart by more than its subject.
SELECT id FROM statement WHERE sub_key <> '' LIMIT 1
