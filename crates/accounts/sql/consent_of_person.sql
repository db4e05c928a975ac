SELECT c.bond, c.verdict, c.scopes, c.text_id, c.text_version, c.means, c.spoke, c.at, c.recorded_by
FROM consent c JOIN family_bond b ON b.id = c.bond
WHERE b.person = $1 ORDER BY c.id
