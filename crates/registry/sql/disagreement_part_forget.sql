-- Of a month its last night is told.
DELETE FROM disagreement_part WHERE as_of BETWEEN $1 AND $2
