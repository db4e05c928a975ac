SELECT COUNT(*) FROM care_attachment WHERE account = $1 AND state = 'coming' AND kind <> ''
