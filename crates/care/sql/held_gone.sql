UPDATE care_held SET gone = 1, generation = $3 WHERE device = $1 AND person = $2
