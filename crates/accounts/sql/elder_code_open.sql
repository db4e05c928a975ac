-- Two open codes may open alike by chance; the newer one is meant.
SELECT id, person, verifier, scopes FROM elder_code
WHERE selector = $1 AND spent_at IS NULL AND tries > 0 AND ends_at > $2
ORDER BY id DESC LIMIT 1
