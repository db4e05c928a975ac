DELETE FROM care_chunk WHERE attachment = $1
