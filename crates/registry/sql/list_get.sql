SELECT id, source, file_name, encoding, list_date, scope, mode, received_on, state, header_row, unknown_columns,
    row_count, good, faulty, unlinked, repeated, opened, changed, unchanged, closed, in_scope, closing, refusal,
    fault_codes, kept
FROM list
WHERE id = $1
