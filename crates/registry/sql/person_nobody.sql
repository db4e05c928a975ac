-- People without a number whose rows were all taken back.
SELECT p.id FROM person p
WHERE p.numbered = 0
    AND NOT EXISTS (SELECT 1 FROM row_link r WHERE r.person = p.id AND r.undone_on IS NULL)
ORDER BY p.id
