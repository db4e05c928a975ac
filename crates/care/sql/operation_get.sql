SELECT account, digest, outcome FROM care_operation WHERE id = $1
