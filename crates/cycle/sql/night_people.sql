SELECT ids, codes, places
FROM night_people
WHERE night = $1
