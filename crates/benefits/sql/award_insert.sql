INSERT INTO award (id, matter, rule, benefit_kind, person_id, village, pack, pack_version, from_on, amount_fen, per,
    act_key, void)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0)
