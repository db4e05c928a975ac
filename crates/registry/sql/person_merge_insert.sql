INSERT INTO person_merge (id, kept, gone, proposed_by, proposed_on, reason, two_people, merged_on, candidate)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
