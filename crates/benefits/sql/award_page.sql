-- Awards that hold on some day of a span.
SELECT a.id, a.matter, a.rule, a.benefit_kind, a.person_id, a.village, a.pack, a.pack_version, a.from_on, a.until_on,
    a.amount_fen, a.per, a.act_key, a.delivered_on, a.void, m.matter_no
FROM award a JOIN matter m ON m.id = a.matter
WHERE a.void = 0 AND a.village BETWEEN $1 AND $2 AND ($3 = '' OR a.rule = $3) AND ($4 = '' OR a.benefit_kind = $4)
    AND a.from_on <= $6 AND (a.until_on IS NULL OR a.until_on > $5)
ORDER BY a.rule, a.village, a.from_on, a.id
LIMIT $7 OFFSET $8
