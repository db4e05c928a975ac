-- Of whom something was said beside a source's lists, and who else is another by name, phone or address than when its last
-- list was taken.
SELECT subject FROM imprint_astray WHERE source = $1
UNION
SELECT person FROM person_past WHERE id >= $2
