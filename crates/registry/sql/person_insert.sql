INSERT INTO person (id, list, row_no, identity, id_blind, phone_blind, digest, numbered)
VALUES ($1, $2, $3, $4, $5, $6, $7, 0)
