SELECT account, state, generation FROM care_device WHERE id = $1
