SELECT COUNT(*)
FROM award
WHERE void = 0 AND village BETWEEN $1 AND $2 AND ($3 = '' OR rule = $3) AND ($4 = '' OR benefit_kind = $4)
    AND from_on <= $6 AND (until_on IS NULL OR until_on > $5)
