SELECT number, sealed FROM care_chunk WHERE attachment = $1 ORDER BY number
