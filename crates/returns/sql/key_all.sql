SELECT county, public_key, trusted_on, withdrawn_on FROM return_key ORDER BY county, id
