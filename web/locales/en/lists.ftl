### Departmental lists

lists-title = All { $n } lists are in
lists-title-work = { $n } lists, { $work } need attention
lists-sub = Latest of each taken together: { $opened } facts opened, { $changed } changed, { $closed } closed. { $unlinked } rows that fit nobody are kept waiting, none is lost.
lists-cut = Counts rows of { $place } only.
lists-in = Received
lists-filter = Kinds of lists
lists-all = All
lists-todo = Need attention
lists-done = In
lists-order = those that need attention first
lists-received = Received
lists-as-of = Data of
lists-faulty = Faulty
lists-good = Good
lists-unlinked = Unlinked
lists-opened = Opened
lists-changed = Changed
lists-closed = Closed
lists-nothing-moved = nothing has been touched yet
lists-age = { $n ->
    [one] 1 day old
   *[other] { $n } days old
}
lists-age-limit = { $n ->
    [one] 1 day old
   *[other] { $n } days old
}, limit { $limit }
lists-state-accepted = In
lists-state-held = Stopped, needs a decision
lists-state-faulty = { $n ->
    [one] 1 row to correct
   *[other] { $n } rows to correct
}
lists-state-late = { $n ->
    [one] 1 day late
   *[other] { $n } days late
}
lists-state-never = Never received
lists-state-known = Known, nothing new
lists-state-refused = Returned, not taken in
lists-state-superseded = Replaced by a newer one
lists-state-dry = Trial reading only
lists-empty = No list received yet
lists-empty-next = Put the departments' lists into the inbox folder, then run the nightly cycle.
lists-how = How lists come in
lists-how-text = The file's name says list, date and scope; CSV and XLSX, UTF-8 and GB18030 are read. Faulty rows wait here to be corrected while good rows count; the same file twice changes nothing.
list-title-good = { $list }: all { $rows } rows are in
list-title-faulty = { $list }: { $n ->
    [one] 1 row did not get in
   *[other] { $n } rows did not get in
}
list-title-refused = { $list }: returned, not taken in
list-title-held = { $list }: stopped, needs a decision
list-sub = { $department }, { $file }, data of { $as_of }, { $encoding }
held-title = It would close { $percent }% of its facts: confirm or return?
held-limit = a list that closes more than { $percent }% at once stops, for everyone
held-spoken = { $keep } kept, { $close } to be closed
held-now = now
held-keep = kept
held-close = to close
held-why = Whoever is missing from a full list counts as no longer receiving. So many are mostly an incomplete export. Nothing has been touched; the list before stays in use.
held-do = Two ways
held-return = Send back: ask the department for a complete list of the same or a later date. This one changes nothing.
held-force = Let in: once checked that so many really left. The next nightly run takes the file from the inbox; a list that came over the interface has to be sent again.
held-release = Let it in
held-reject = Send it back
held-is-released = Let in. The next nightly run takes it; until then this can be changed.
held-is-rejected = Sent back. It changes nothing; this can still be changed.
held-others = Whoever answers for everyone this list speaks for decides.
list-title-released = { $list }: let in, taken next
lists-state-released = Let in, waits for the night
faults-title = { $n ->
    [one] 1 thing to correct
   *[other] { $n } things to correct
}
faults-rest = { $n } other rows are in
faults-why = Why
faults-detail = Faulty rows
faults-row = Row
faults-column = Column
faults-value = Value (masked)
faults-blank = blank
faults-remedy = Remedy
faults-correct = Correct here
faults-label = Row { $row }, { $column }
faults-save = Save
faults-waits = waits, nothing to correct
faults-resend = Correct the file and send again
faults-note = Values are masked. To correct the rows as they came, export them on the command line: yilian lists faults NUMBER --out FILE; take the corrected file in again, good rows don't enter twice.
faults-xlsx = Faulty rows, xlsx
faults-none = No faulty rows
faults-none-next = Every row of this list was understood.
faults-saved = Row { $row } is corrected and has been taken in; it counts from the next night on.
faults-still = Still wrong: { $cause }
list-kept = { $n ->
    [one] 1 statement stays
   *[other] { $n } statements stay
} open: a faulty row can be about nobody else. Once the row is corrected, what it says counts.
