-- Whether the notice of the last decision was handed over.
SELECT COUNT(*)
FROM matter_event
WHERE matter = $1 AND kind = 'notify' AND sequence > (
    SELECT COALESCE(MAX(sequence), 0) FROM matter_event
    WHERE matter = $1 AND kind IN ('grant', 'refuse', 'confirm_stop'))
