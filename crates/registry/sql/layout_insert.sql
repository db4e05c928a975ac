INSERT INTO layout (id, source, entity, plain, sealed) VALUES ($1, $2, $3, $4, $5)
