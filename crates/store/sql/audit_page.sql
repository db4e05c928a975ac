SELECT sequence, at, actor, action, subject, detail FROM audit
WHERE sequence < CAST($1 AS BIGINT)
  AND (CAST($2 AS TEXT) = '' OR actor = $2)
  AND (CAST($3 AS TEXT) = '' OR action = $3)
  AND (CAST($4 AS TEXT) = '' OR subject = $4)
ORDER BY sequence DESC LIMIT CAST($5 AS BIGINT)
