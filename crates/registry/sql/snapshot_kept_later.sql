SELECT DISTINCT source FROM list WHERE state = 'accepted' AND id > $1
