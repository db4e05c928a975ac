-- Of which of some subjects a layout speaks; a statement that a waiting row keeps open is not the list's word on the
-- person: that row may be theirs. A subject given twice is one.
SELECT DISTINCT subject FROM statement
WHERE layout = $1 AND closed_by IS NULL
    AND subject IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
    $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33)
    AND NOT EXISTS (SELECT 1 FROM held_row WHERE keeps = statement.id AND state IN ('faulty', 'unlinked'))
