SELECT rule, met, known
FROM night_outcome
WHERE night = $1
ORDER BY rule
