INSERT INTO matter (id, matter_no, rule, benefit_kind, pack, pack_version, person_id, village, state, step, step_since,
    due_on, opened_on, filed_on, filed_by, filed_as, recommended_by, recommends, decided_on, decided_by, stop_by,
    stop_from, closed_on, papers, events)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24,
    $25)
