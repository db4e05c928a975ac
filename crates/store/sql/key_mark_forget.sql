DELETE FROM key_mark WHERE id <> $1
