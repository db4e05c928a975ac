-- How much is kept of a source, sealed.
SELECT CAST(COALESCE(SUM(LENGTH(sealed)), 0) AS BIGINT) FROM imprint WHERE source = $1
