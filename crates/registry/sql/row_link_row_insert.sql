INSERT INTO row_link_row (held_row, link) VALUES ($1, $2)
