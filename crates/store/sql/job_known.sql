SELECT id FROM job WHERE kind = $1 AND key = $2
