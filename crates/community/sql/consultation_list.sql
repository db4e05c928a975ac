SELECT id, pack, title, content, opened_on, opened_by, closes_on, usual_days, shortened_why, answered_on, answered_by
FROM consultation ORDER BY id DESC
