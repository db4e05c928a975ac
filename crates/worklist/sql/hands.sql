-- How far items were that have been closed, oldest first.
SELECT item_key, hand, hand_on
FROM work_item
WHERE state = 'closed' AND hand <> ''
ORDER BY id
