UPDATE duty_report
SET withdrawn_on = $3, withdrawn_by = $4, withdrawn_why = $5
WHERE id = $1 AND pack = $2 AND withdrawn_on IS NULL
