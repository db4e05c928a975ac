ALTER TABLE duty_report ADD COLUMN done_by TEXT NOT NULL DEFAULT '';
ALTER TABLE duty_report ADD COLUMN file_ref TEXT NOT NULL DEFAULT '';
ALTER TABLE duty_report ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE duty_report ADD COLUMN reported_by TEXT NOT NULL DEFAULT '';
ALTER TABLE duty_report ADD COLUMN withdrawn_on TEXT;
ALTER TABLE duty_report ADD COLUMN withdrawn_by TEXT;
ALTER TABLE duty_report ADD COLUMN withdrawn_why TEXT;
