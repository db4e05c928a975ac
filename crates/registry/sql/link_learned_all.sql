SELECT source, learned_on, list, row_count, rounds, settled, parameters FROM link_learned ORDER BY source
