### To do: entitled and not served, to be stopped, facts to ask for, visits, reassessment

work-kinds = Kinds of work
work-unserved = Entitled, not served
work-stop = To be stopped
work-ask = Facts to ask for
work-visit = Visits
work-reassess = Assessments
work-rules = Which one
work-all = All
work-by-village = By village
work-about = What this is
work-conditions = All of these must hold
work-bring = What to bring
work-apply-to = Where
work-clauses = From
work-rule-open = See the rule as written
work-where = Where
work-empty = Nothing to do here
work-empty-next = Try another place or another matter; everything found last night is on the page Today.
work-unserved-title = { $n ->
    [one] 1 entitlement is not served
   *[other] { $n } entitlements are not served
}
work-unserved-sub = Every condition holds and no list shows them receiving it. In the plan's order of priority; within a rank, longest waiting first.
work-stop-title = { $n ->
    [one] 1 benefit to be stopped
   *[other] { $n } benefits to be stopped
}
work-stop-sub = Death, a move away or a condition that no longer holds. Stop first, then check; from the day given below.
work-visit-title = { $n ->
    [one] 1 visit
   *[other] { $n } visits
} to make, { $overdue } overdue
work-visit-sub = Due in this period, longest overdue first. A village's name opens its visiting sheet.
work-reassess-title = { $n ->
    [one] 1 assessment lapses soon or has lapsed
   *[other] { $n } assessments lapse soon or have lapsed
}
work-reassess-sub = Once lapsed, nothing that depends on the ability level can be decided.
work-what-unserved = Missing
work-what-stop = To stop
work-what-visit = Visit
work-what-reassess = What
work-since-found = Found on
work-since-from = Stops from
work-since-last = Last
cause-entitled = every condition holds
cause-died = died
cause-moved_away = moved away
cause-no_longer_met = conditions no longer hold
cause-fact_missing = a fact is missing
cause-never_visited = no visit on record
cause-visit_due = due this period
cause-visit_overdue = missed last period
cause-lapses = lapses soon
cause-lapsed = has lapsed
cause-left_the_list = no longer in the list

ask-title = { $people ->
    [one] 1 person lacks { $n } facts; asking decides
   *[other] { $people } people lack { $n } facts; asking decides
}
ask-sub = With one fact missing nothing can be decided. What is known is not asked again.
ask-by-village = Ask by village
ask-facts = Which fact
ask-cell = one cell, one question
ask-ask = ask
ask-known = known
ask-decides = Would decide
ask-most = Worth asking most
ask-empty = Nothing to ask
ask-empty-next = Every fact that a rule needs is there.

village-title = { $village }: { $n ->
    [one] 1 visit
   *[other] { $n } visits
}, { $overdue } overdue
village-sub = { $month }, overdue first. Printed, this is the visiting sheet.
village-visits = To visit
village-kinds = Which visit
village-class = Class
village-what = What to do
village-last = Last seen
village-never = no record
village-done = Seen (signature)
village-others = Villages of the township
village-empty = Every visit of this period was made
village-empty-next = Look at another village.
visit-by = any of: { $kinds }

sheet-person = Number
sheet-name = Name (masked)
sheet-age = Age
sheet-county = County
sheet-township = Township
sheet-village = Village
sheet-matter = Matter
sheet-place = Place
sheet-code = Division code
sheet-note = { $pack }, data of { $day }. Names are masked.
sheet-why = Reason
sheet-found = Found on
sheet-due = Due
sheet-from = From
