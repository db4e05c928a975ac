SELECT indicator, division, period_start, period_end, numerator, denominator, value, unknown, state
FROM return_indicator
WHERE load = $1
ORDER BY indicator, division
