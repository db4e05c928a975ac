UPDATE visit SET taken_back_by = $4 WHERE person = $1 AND list = $2 AND row_no = $3 AND taken_back_by IS NULL
