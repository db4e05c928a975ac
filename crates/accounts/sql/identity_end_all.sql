DELETE FROM external_identity WHERE account = $1
