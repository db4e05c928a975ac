SELECT person, kind, happened_on FROM visit WHERE happened_on BETWEEN $1 AND $2 AND taken_back_by IS NULL
