SELECT COUNT(*) FROM link_decision WHERE decided_on = $1 AND decided_by NOT LIKE 'linkage/%'
