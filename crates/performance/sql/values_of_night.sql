SELECT indicator, division, period_start, period_end, numerator, denominator, unknown, value, base, state, since
FROM indicator_value
WHERE as_of = $1 AND pack = $2
ORDER BY indicator, division
