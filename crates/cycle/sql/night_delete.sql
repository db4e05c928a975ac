DELETE FROM night
WHERE id = $1
