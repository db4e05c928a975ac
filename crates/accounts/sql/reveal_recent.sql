SELECT r.id, r.at, r.account, r.role, r.person, r.purpose, r.fields, r.note
FROM reveal r JOIN account a ON a.id = r.account
WHERE a.division >= $1 AND a.division < $2 AND r.id < CAST($3 AS BIGINT)
  AND (CAST($4 AS BIGINT) = 0 OR r.account = $4)
ORDER BY r.id DESC LIMIT CAST($5 AS BIGINT)
