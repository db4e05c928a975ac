INSERT INTO return_key (id, county, public_key, trusted_on, trusted_by) VALUES ($1, $2, $3, $4, $5)
