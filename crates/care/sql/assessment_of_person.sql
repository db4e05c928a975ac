SELECT id, person, scale, state, opened_on, assessed_on, valid_until, sealed
FROM care_assessment
WHERE person = $1
ORDER BY id DESC
