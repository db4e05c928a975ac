### Words that several pages share.

people-n = { $n ->
    [one] 1 person
   *[other] { $n } people
}
places-n = { $n }
rows-n = { $n ->
    [one] 1 row
   *[other] { $n } rows
}
years-old = aged { $n }
colon = :{" "}
list-comma = ,{" "}
nobody = nobody
masked = (masked)
not-known = not known
yes = yes
no = no
see-all = See all { $n }
export-xlsx = Export xlsx
outcome-met = Met
outcome-not_met = Not met
outcome-unknown = Fact missing
fact-missing = missing: { $facts }
fact-spoken = Source: { $source }, { $date }
fact-spoken-undated = Source: { $source }
to-confirm = to be confirmed
overdue-days = { $n ->
    [one] 1 day overdue
   *[other] { $n } days overdue
}
days-left = { $n ->
    [one] 1 day left
   *[other] { $n } days left
}
due-today = due today
no-deadline = no deadline
bullet-value = { $label } now { $value }
bullet-none = { $label }: no data
bullet-at-least = , target at least { $target }
bullet-at-most = , target at most { $target }
bullet-previous = , last period { $previous }
bullet-hit = , reached
bullet-miss = , not reached
key-value = now
key-gap = gap
key-target = target
unit-percent = %
unit-count = {""}
unit-persons = {" "}people
unit-person_times = {" "}person-times
unit-m2 = {" "}m²
unit-m2_per_person = {" "}m² a person
unit-m2_per_1000 = {" "}m² per 1,000 people
unit-m2_per_10000 = {" "}m² per 10,000 people
unit-m2_per_100_households = {" "}m² per 100 households
unit-per_1000 = {" "}per 1,000 people
unit-places = {" "}places
unit-households = {" "}households
unit-years = {" "}years
unit-months = {" "}months
unit-days = {" "}days
unit-times = {" "}times
unit-beds = {" "}beds
unit-points = {" "}points
unit-degrees = °
per-month = { $amount } yuan a month
per-year = { $amount } yuan a year
per-once = { $amount } yuan once
yuan = { $amount } yuan
and-more = { $first } and others, { $n } in all
elsewhere = elsewhere ({ $code })
level-province = Province
level-prefecture = Prefecture
level-county = County
level-township = Township
level-community = Village
