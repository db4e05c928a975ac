UPDATE care_device SET seen_at = $2, clock_off_ms = $3 WHERE id = $1
