-- $9: whoever asks for what they may decide; $10: the last day of the step has passed by then.
SELECT id, matter_no, rule, benefit_kind, pack, pack_version, person_id, village, state, step, step_since, due_on,
    opened_on, filed_on, filed_by, filed_as, recommended_by, recommends, decided_on, decided_by, stop_by, stop_from,
    closed_on, papers, events
FROM matter
WHERE ($1 = '' OR state = $1) AND ($2 = '' OR rule = $2) AND ($3 = '' OR step = $3)
    AND village BETWEEN $4 AND $5
    AND ($6 = 0 OR closed_on IS NULL)
    AND ($9 = '' OR (COALESCE(filed_by, '') <> $9 AND COALESCE(recommended_by, '') <> $9
        AND COALESCE(decided_by, '') <> $9))
    AND ($10 = '' OR due_on < $10)
ORDER BY CASE WHEN closed_on IS NULL THEN 0 ELSE 1 END, COALESCE(due_on, '9999-12-31'), step_since, id
LIMIT $7 OFFSET $8
