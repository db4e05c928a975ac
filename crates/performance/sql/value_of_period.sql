SELECT division, value, as_of
FROM indicator_value
WHERE pack = $1 AND indicator = $2 AND as_of < $3 AND period_end = $4
ORDER BY division, as_of
