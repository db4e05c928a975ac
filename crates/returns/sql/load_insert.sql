INSERT INTO return_load (id, county, as_of, revision, pack, pack_version, digest, public_key, made_at, loaded_on, people,
    places, state)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'current')
