SELECT id, as_of, pack_version, pack_digest, last_list, result_digest, summary, published_at
FROM night
WHERE pack = $1
ORDER BY as_of
