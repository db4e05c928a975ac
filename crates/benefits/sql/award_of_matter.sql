SELECT id, matter, rule, benefit_kind, person_id, village, pack, pack_version, from_on, until_on, amount_fen, per,
    act_key, delivered_on, void
FROM award
WHERE matter = $1 AND void = 0
ORDER BY id DESC
LIMIT 1
