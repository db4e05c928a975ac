-- Indexes of a table that no rule of it needs, with the statement that makes each.
SELECT CAST(c.relname AS TEXT), pg_get_indexdef(i.indexrelid)
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid = to_regclass($1) AND NOT i.indisunique
ORDER BY 1
