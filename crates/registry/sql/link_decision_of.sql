SELECT verdict, decided_by, decided_on, reason, probability FROM link_decision WHERE candidate = $1 ORDER BY id
