UPDATE consultation SET answered_on = $2, answered_by = $3 WHERE id = $1 AND answered_on IS NULL
