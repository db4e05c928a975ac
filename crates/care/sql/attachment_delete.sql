DELETE FROM care_attachment WHERE id = $1
