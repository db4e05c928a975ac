DELETE FROM night_outcome
WHERE night = $1
