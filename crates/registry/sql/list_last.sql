SELECT MAX(id)
FROM list
WHERE state = 'accepted'
