SELECT ids
FROM night_people
WHERE night = $1
