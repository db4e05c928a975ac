-- Of which of some subjects a layout speaks, and in which statements. A subject given twice is one.
SELECT id, subject FROM statement
WHERE layout = $1 AND closed_by IS NULL
    AND subject IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
    $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33)
