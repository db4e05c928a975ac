SELECT outcome, COUNT(*) FROM care_operation WHERE account = $1 GROUP BY outcome ORDER BY outcome
