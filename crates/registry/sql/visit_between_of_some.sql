-- The same of some people; one given twice is one.
SELECT person, kind, happened_on FROM visit
WHERE happened_on BETWEEN $1 AND $2 AND taken_back_by IS NULL
    AND person IN ($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
    $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34)
