DELETE FROM night_people
WHERE night = $1
