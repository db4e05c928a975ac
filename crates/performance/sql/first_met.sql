SELECT indicator, division, MIN(as_of)
FROM indicator_value
WHERE pack = $1 AND state = 'met' AND as_of <= $2
GROUP BY indicator, division
ORDER BY indicator, division
