SELECT consultation, COUNT(*), SUM(CASE WHEN state = 'waiting' THEN 1 ELSE 0 END) FROM consultation_comment GROUP BY consultation
