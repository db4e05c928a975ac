SELECT id, operation, account, happened_at, sealed FROM care_sheet WHERE assessment = $1 ORDER BY id
