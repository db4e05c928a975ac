-- A role that sees people counts once a second person has confirmed it. Those held until now were given before.
ALTER TABLE account_grant ADD COLUMN confirmed_at TEXT;
ALTER TABLE account_grant ADD COLUMN confirmed_by TEXT;
UPDATE account_grant SET confirmed_at = given_at, confirmed_by = given_by;
