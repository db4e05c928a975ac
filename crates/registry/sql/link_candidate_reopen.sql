-- Other answers to a row's question that were set aside when it was linked.
UPDATE link_candidate SET state = 'open' WHERE kind = 'row' AND other = $1 AND state = 'settled'
