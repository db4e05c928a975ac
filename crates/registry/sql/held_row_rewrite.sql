UPDATE held_row SET state = $2, subject = $3, codes = $4, sealed = $5, link_blind = $6, division = $7 WHERE id = $1
