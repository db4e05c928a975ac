-- People whose row in a list is faulty: nothing is known of them from it, and they are not absent either.
SELECT list, subject FROM held_row WHERE state = 'faulty' AND subject IS NOT NULL ORDER BY list, subject
