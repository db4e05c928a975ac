SELECT account FROM external_identity WHERE subject_blind = $1
