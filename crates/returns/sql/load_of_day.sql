SELECT revision, digest FROM return_load WHERE county = $1 AND as_of = $2 ORDER BY revision DESC LIMIT 1
