UPDATE award SET delivered_on = $2, act_key = $3 WHERE id = $1
