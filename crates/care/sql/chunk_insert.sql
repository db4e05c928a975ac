INSERT INTO care_chunk (attachment, number, sealed) VALUES ($1, $2, $3)
