SELECT account, kind, bytes, sha256, received, state, refusal FROM care_attachment WHERE id = $1
