SELECT clause FROM duty_report WHERE id = $1 AND pack = $2
