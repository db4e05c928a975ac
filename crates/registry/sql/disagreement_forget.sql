DELETE FROM disagreement WHERE as_of = $1
