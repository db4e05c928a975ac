SELECT id, matter_no, rule, benefit_kind, pack, pack_version, person_id, village, state, step, step_since, due_on,
    opened_on, filed_on, filed_by, filed_as, recommended_by, recommends, decided_on, decided_by, stop_by, stop_from,
    closed_on, papers, events
FROM matter
WHERE id = $1
