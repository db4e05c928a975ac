SELECT as_of, source, fact, CAST(SUM(people) AS BIGINT), CAST(SUM(overruled) AS BIGINT)
FROM disagreement_part
WHERE division BETWEEN $1 AND $2 AND as_of BETWEEN $3 AND $4
GROUP BY as_of, source, fact
ORDER BY as_of, source, fact
