-- Open accounts that hold a role, but this one. An invited one counts only while nobody is asked to leave.
SELECT COUNT(*) FROM account a
WHERE a.id <> $2 AND (a.state = 'active' OR ($2 = 0 AND a.state = 'invited'))
  AND EXISTS (
    SELECT 1 FROM account_grant g
    WHERE g.account = a.id AND g.role = $1 AND g.ended_at IS NULL AND g.confirmed_at IS NOT NULL
  )
