-- Also locks the row until the end of the transaction.
INSERT INTO sign_in_attempt (subject, wrong) VALUES ($1, 0)
ON CONFLICT (subject) DO UPDATE SET wrong = sign_in_attempt.wrong
