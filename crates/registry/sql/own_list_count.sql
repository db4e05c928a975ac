UPDATE list SET row_count = row_count + 1, good = good + 1, opened = opened + $2, unchanged = unchanged + $3,
    closed = closed + $4
WHERE id = $1
