SELECT sequence, at, actor, action, subject, detail, previous, hash FROM audit ORDER BY sequence
