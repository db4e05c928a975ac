-- The same of entries of linked rows only.
SELECT subject FROM statement WHERE layout = $1 AND subject < 0 AND closed_by IS NULL
