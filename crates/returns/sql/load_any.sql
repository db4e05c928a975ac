SELECT COUNT(*) FROM (SELECT 1 AS one FROM return_load WHERE state = 'current' LIMIT 1) held
