-- Ends what one row of a register says, from a day or from the day on which it began.
UPDATE statement SET closed_on = CASE WHEN valid_from > $5 THEN valid_from ELSE $5 END, closed_by = $6
WHERE layout IN (SELECT id FROM layout WHERE source = $1) AND subject = $2 AND list = $3 AND row_no = $4
    AND closed_by IS NULL
