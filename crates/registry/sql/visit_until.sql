SELECT id, person, kind, happened_on, visitor, list, taken_back_by FROM visit WHERE happened_on <= $1 ORDER BY id
