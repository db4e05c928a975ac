-- Statements of a layout about some subjects that no list has closed; a subject given twice is one.
SELECT id, subject, sub_key, payload, sealed_digest, valid_from, valid_until, list
FROM statement
WHERE layout = $1 AND closed_by IS NULL AND subject IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
    $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33)
ORDER BY subject, id
