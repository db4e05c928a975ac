SELECT person, digest, who_digest, generation, gone FROM care_held WHERE device = $1 ORDER BY person
