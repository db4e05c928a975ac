SELECT id, visit, person, village, found_on, state, sealed
FROM care_need
WHERE person = $1
ORDER BY id DESC
