SELECT id, kind, mime, state, operation FROM care_attachment WHERE operation = $1 ORDER BY id
