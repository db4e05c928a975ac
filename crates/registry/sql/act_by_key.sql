SELECT act.id, act.list, act.row_no, act.person, act.what, act.news, act.taken_back_by, list.source
FROM act JOIN list ON list.id = act.list
WHERE act.act_key = $1
