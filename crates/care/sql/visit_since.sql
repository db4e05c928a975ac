SELECT kind, happened_on
FROM care_visit
WHERE person = $1 AND met = 1 AND (happened_on > $2 OR received_at > $3)
ORDER BY happened_at
