SELECT id, person, kind, happened_on, visitor, list FROM visit WHERE happened_on <= $1 ORDER BY id
