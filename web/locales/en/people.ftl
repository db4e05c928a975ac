### People

search-title = Find a person
search-title-q = Search for “{ $q }”
search-how = A name (characters or pinyin initials), the last four of an ID number, the whole ID number, or a person's number.
search-go = Find
search-found = { $n ->
    [0] Nobody found
    [one] 1 person found
   *[other] { $n } people found
}
search-first = first { $n }; write more to narrow it down
search-id = ID
search-none = Nobody found
search-none-next = Try it another way: the family name only, or the last four of the ID. The person may be in a list row that fits nobody yet.
people-classes = How many are in each class
people-classes-note = A person may be in several classes and living alone is part of empty nest, so don't add them up. For people with a fact missing nothing is decided yet.
people-where = Where they live
person-dead = Died
person-dead-note = Died on { $date }. Nothing is due any more; what follows is for checking only.
person-no-number = no ID number yet
person-id-tail = ID
person-title-met = { $n ->
    [one] Entitled to 1 benefit
   *[other] Entitled to { $n } benefits
}
person-title-none = Not entitled to any benefit now
person-title-unknown = ; { $n ->
    [one] 1 more could be decided by asking
   *[other] { $n } more could be decided by asking
}
person-title-visits = ; { $n ->
    [one] 1 kind of visit is due each period
   *[other] { $n } kinds of visit are due each period
}
person-conflicts-n = { $n ->
    [one] 1 conflict between sources
   *[other] { $n } conflicts between sources
}
person-not-assessed = No valid ability assessment
person-level = Ability level { $n }
person-level-spoken = Ability level { $n } of 0 to 4, higher is more severe
person-level-until = assessed { $on }, valid until { $until }
person-facts = What is known
person-facts-note = the source stands behind each fact
person-conflict = conflict
person-group-identity = Identity
person-group-living = Home and family
person-group-care = Health and care
person-group-support = Support received
person-group-other = Other
person-family = Family
person-relation = Relation
person-due = What is due, and why
person-visits = Which visits are due, and why
person-groups = Which classes, and why
person-clauses = From
person-state-served = Receiving
person-state-unserved = Entitled, not served
person-state-due = Visit due
person-state-not-due = Not due
person-state-in = Yes
person-state-out = No
person-state-not_met = Not met
person-state-unknown = Fact missing
person-next-unserved = Every condition holds. Bring: { $bring }. Where: { $where }.
person-next-where = Every condition holds. Where: { $where }.
person-next-unknown = Asking for { $facts } decides it.
person-next-not_met = What is lacking: { $parts }. When a fact changes it is worked out again that night.
person-work = To do
person-conflicts = Where sources disagree
person-field = Fact
person-sources = Sources
person-used = Used
person-used-precedence = by order of sources
person-history = Timeline
person-history-none = Nothing has changed yet.
person-history-from-to = from { $old } to { $value }
person-history-visit = Visit: { $kind }
person-state-stop = Receiving, to be stopped
fact-row = , { $list } row { $row }
person-history-source = { $list }, { $date }, row { $row }
person-history-absent = { $list }, { $date }, not in the list
relation-spouse = spouse
relation-child = child
relation-grandchild = grandchild
relation-parent = parent
relation-grandparent = grandparent
relation-sibling = sibling
relation-household = same household
relation-other = relative
person-unknown = Not known: { $facts }
person-still-listed = still in the list
