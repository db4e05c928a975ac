UPDATE work_item SET hand = $2, hand_on = $3 WHERE item_key = $1
