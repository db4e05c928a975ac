INSERT INTO care_held (device, person, digest, who_digest, generation, gone)
VALUES ($1, $2, $3, $4, $5, 0)
ON CONFLICT (device, person) DO UPDATE
SET digest = excluded.digest, who_digest = excluded.who_digest, generation = excluded.generation, gone = 0
