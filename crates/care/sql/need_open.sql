SELECT id, visit, person, village, found_on, state, sealed
FROM care_need
WHERE state = 'open' AND village >= $1 AND village <= $2
ORDER BY found_on, id
