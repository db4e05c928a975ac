### What the level above reads

province-name = Returns of counties
province-title = { $place }: { $fresh } of { $n } counties are up to date, { $stale } are behind, { $missing } have returned nothing
province-sub = Only what counties signed and published; a county whose newest day is more than { $days } days old is behind.
province-counties = Who has returned
province-day = Day
province-revision = revision { $n }
province-people = People listed
province-places = Places
province-plan = Under which plan
province-fresh = up to date
province-stale = behind, { $days ->
    [one] 1 day old
   *[other] { $days } days old
}
province-missing = nothing returned
province-no-key = no key is believed
province-rules = People who meet
province-indicators = Indicators
province-sum = Sum
province-small = too few
province-key = “Too few”: people could be recognised by a count below { $n }; the county told neither it nor what it could be worked out from, and sums leave it out. “—”: the county's plan has no such line.
province-none = There is no county here
province-none-next = The region in the address is the code of a province or prefecture
