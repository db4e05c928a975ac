INSERT INTO list (id, source, file_name, digest, encoding, list_date, scope, mode, received_on, state, header_row,
    columns, unknown_columns, row_count, good, faulty, unlinked, repeated, opened, changed, unchanged, closed,
    in_scope, closing, refusal, fault_codes, kept)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
    $24, $25, $26, $27)
