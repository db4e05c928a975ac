### Today

today-title = { $overdue ->
    [one] 1 visit
   *[other] { $overdue } visits
} overdue, { $stop ->
    [one] 1 benefit
   *[other] { $stop } benefits
} to stop, { $unserved ->
    [one] 1 entitlement
   *[other] { $unserved } entitlements
} not served
today-title-calm = Nothing is overdue today
today-lists-since = Lists came in after the calculation. Facts on a person's page are the new ones, the numbers are still those of the last night.
today-pack-changed = The policy pack was changed after the calculation. Rules are shown as written now, the numbers are those from before.
today-go-visit = See overdue visits
today-go-stop = See what to stop
today-go-unserved = See who is not served
today-stop-from = { $why }, stops from { $from }
today-found-ask = ask by village; each answer decides
today-found-visit = { $n } of them overdue
today-sub = Worked out from the plan, with data up to { $day }.
today-visits-left = { $n ->
    [one] 1 visit
   *[other] { $n } visits
} left this month.
today-kpis = Key figures and targets
today-first = Do these first
today-kinds = Kinds of work
today-empty = Nothing to do
today-empty-next = Everyone has what they are due and every visit was made. Look at the figures.
today-lists = How the lists came in
today-lists-all = See all lists
today-found = Found last night
today-plan = How far the plan is
today-plan-open = Clause by clause
today-group-visit = Visits overdue, longest first
today-group-stop = To be stopped, then checked
today-group-unserved = Entitled and not served
today-group-reassess = Assessments about to lapse
today-progress-title = { $label } by place
today-progress-note = Bar: now; mark: target; orange: what is missing. The axis starts at { $min }.
today-gap-people = { $n ->
    [one] 1 person short
   *[other] { $n } people short
}
today-gap-places = { $n } short
today-gap-n = { $n } short
today-gap-none = no data
today-hit = reached
today-target = target { $target }
today-target-rise = above last period
today-up = up { $n }
today-down = down { $n }
today-same = unchanged
col-matter = Matter
col-who = Who
col-where = Where
col-due = Due
col-why = Why
col-list = List
col-as-of = As of
col-rows = Rows
col-state = State
col-progress = Progress
today-group-matters = Applications, next steps
