-- The same bytes for the same source, date and scope, newest first.
SELECT id, source, file_name, encoding, list_date, scope, mode, received_on, state, header_row, unknown_columns,
    row_count, good, faulty, unlinked, repeated, opened, changed, unchanged, closed, in_scope, closing, refusal,
    fault_codes, kept
FROM list
WHERE digest = $1 AND source = $2 AND list_date = $3 AND scope = $4 AND state <> 'superseded'
ORDER BY id DESC
LIMIT 1
