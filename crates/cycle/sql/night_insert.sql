INSERT INTO night (id, as_of, pack, pack_version, pack_digest, last_list, result_digest, summary, published_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
