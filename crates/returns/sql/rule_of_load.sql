SELECT rule, division, met, not_met, unknown FROM return_rule WHERE load = $1 ORDER BY rule, division
