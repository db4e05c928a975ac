-- Whether a department sent a list after this one.
SELECT COUNT(*)
FROM list
WHERE state = 'accepted' AND id > $1 AND id NOT IN (SELECT list FROM own_list)
