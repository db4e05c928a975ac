SELECT list, row_no, actor, recorded_at FROM act WHERE person = $1
