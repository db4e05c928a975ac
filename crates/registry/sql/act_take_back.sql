UPDATE act SET taken_back_by = $2 WHERE id = $1 AND taken_back_by IS NULL
