SELECT as_of, source, fact, people, overruled
FROM disagreement
WHERE as_of BETWEEN $1 AND $2
ORDER BY as_of, source, fact
