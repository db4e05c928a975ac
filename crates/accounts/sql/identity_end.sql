DELETE FROM external_identity WHERE id = $1 AND account = $2
