SELECT account, role, division, place FROM account_grant WHERE ended_at IS NULL ORDER BY account, id
