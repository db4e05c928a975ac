SELECT person FROM care_need WHERE id = $1
