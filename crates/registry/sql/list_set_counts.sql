UPDATE list SET good = good + $2, faulty = faulty - $3, unlinked = unlinked - $4, opened = opened + $5,
    changed = changed + $6, unchanged = unchanged + $7
WHERE id = $1
