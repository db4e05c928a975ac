-- The newest day of each county by a day.
SELECT id, county, as_of, revision, pack, pack_version, made_at, loaded_on, people, places
FROM return_load l
WHERE state = 'current' AND as_of <= $1
    AND as_of = (SELECT MAX(n.as_of) FROM return_load n WHERE n.county = l.county AND n.state = 'current' AND n.as_of <= $1)
ORDER BY county
