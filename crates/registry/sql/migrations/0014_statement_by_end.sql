CREATE INDEX statement_by_end ON statement (closed_by) WHERE closed_by IS NOT NULL;
