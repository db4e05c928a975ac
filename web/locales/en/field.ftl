# Pages of the field without script, and of visits at the desk.
field-title = Yilian visits
field-today-n = People to see: { $n }
field-no-script = Script is off in this browser, so it can only show the list. Recording without signal, photos and signatures need JavaScript.
field-nobody = Nobody is assigned to you yet. Ask the township's coordinator to assign people under "Visits".
rail-visits = Visits
visits-title = Visits
visits-headline = { $met ->
    [one] 1 visit
   *[other] { $met } visits
} made this month, { $left } to go
visits-sub = { $month }. Due as of last night; made as handed in by phones.
visits-by-village = By village
visits-village = Village or community
visits-due = Due
visits-overdue = Overdue
visits-made = Recorded
visits-met = Met
visits-attention = Something to mind
visits-empty = No visits due
visits-empty-next = They are listed after the nightly cycle.
visits-brought-up = What visits brought up
assign-title = Assign visits
assign-headline = { $n } people are due visits, { $nobody } have nobody
assign-sub = Whoever is given a person has them on their phone; once taken away, the phone forgets them at its next contact.
assign-choose = Choose a village first
assign-choose-how = Choose a village at the right, tick people and choose a visitor; or give the whole village to one.
assign-to = Give to
assign-chosen = Give those ticked
assign-whole = Give the whole village
assign-tick = Tick
assign-visitor = Visited by
assign-take = Take away
assign-none = nobody
assign-nobody-n = { $n } without
assign-visitors = Visitors and assessors
assign-no-visitors = There are no visitors here yet; invite them first.
assign-done = { $given } given, { $taken } taken away.
assign-no-visitor = Choose a visitor
assign-elsewhere = This account does not visit in this village
assign-nobody = Tick people, or give the whole village
conflicts-title = Said differently
conflicts-headline = { $n ->
    [one] 1 field was changed by two people
   *[other] { $n } fields were changed by two people
}
conflicts-sub = Two people changed the same field without signal; both are kept. Choose the right one; the other stays on record.
conflicts-keep = Keep this
conflicts-empty = Nothing to decide
conflicts-empty-next = Differing changes are listed here.
needs-title = Needs found
needs-headline = { $n ->
    [one] 1 need waits
   *[other] { $n } needs wait
}
needs-sub = Found on visits and wanted by the person. Where a benefit answers it, go on from the person's page.
needs-what = Need
needs-found = Found
needs-act = Act
needs-benefit = may apply: { $benefit }
needs-empty = No needs wait
needs-empty-next = What visitors note is listed here.
need-state-open = waits
need-state-declined = not wanted
need-state-done = Done
need-state-passed_on = Passed on
need-state-not_needed = Not needed
phones-title = Phones
phones-headline = { $n ->
    [one] 1 phone
   *[other] { $n } phones
}
phones-sub = Report a lost phone: it clears itself at its next contact. Have the account locked too. A phone clears itself after { $n } days without a sign-in.
phones-owner = Whose
phones-phone = Phone
phones-seen = Last contact
phones-clock = Clock
phones-clock-off = { $n ->
    [one] 1 minute off
   *[other] { $n } minutes off
}
phones-clock-right = Right
phones-act = Report
phones-report = Report lost
phones-lost = Reported lost
phones-found = Found
phones-empty = No phone has synced yet
phones-empty-next = They are listed once visitors sign in on their phones.
visit-panel = Visits recorded
visit-disputed = { $n } said differently
visit-met = { $kind }, met
visit-not-met = { $kind }, not met: { $why }
visit-mind = to mind:
visit-bad = wrong:
visit-helped = Helped with: { $helps }
visit-clock = The phone said { $device }; corrected by the server's clock.
visit-file-photo = Photo
visit-file-voice = Voice note
visit-file-signature = Signature
visit-file-coming = still to come
assessment-open = Begun { $day }, waiting for the second assessor
assessment-differs = Begun { $day }, the two assessors differ and are settling it
assessment-done = Level { $level } on { $day }, valid until { $until }
