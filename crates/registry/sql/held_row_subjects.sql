-- People whose row in a list is faulty: nothing is known of them from it, and they are not absent either.
SELECT list, subject FROM held_row WHERE state IN ('faulty', 'unlinked') AND subject IS NOT NULL
