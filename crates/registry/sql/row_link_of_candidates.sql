-- The entries of rows that were linked when their lists came before; a candidate given twice is one.
SELECT candidate, id FROM row_link
WHERE candidate IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
    $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)
    AND undone_on IS NULL
ORDER BY id
