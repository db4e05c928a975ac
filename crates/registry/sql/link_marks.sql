-- What has changed since, if any of these has: people, where they live, who they are.
SELECT (SELECT COALESCE(MAX(id), 0) FROM list), (SELECT COALESCE(MAX(id), 0) FROM statement),
    (SELECT COALESCE(MAX(id), 0) FROM person), (SELECT COALESCE(MAX(id), 0) FROM person_past)
