INSERT INTO link_try (held_row, engine) VALUES ($1, $2)
