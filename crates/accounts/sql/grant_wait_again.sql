-- Who gave is from now on whoever made the account change hands: they are not the one to confirm it.
UPDATE account_grant SET confirmed_at = NULL, confirmed_by = NULL, given_by = $3
WHERE account = $1 AND role = $2 AND ended_at IS NULL
