### Applications, decisions, awards.

rail-matters = Decisions
matters-title = Applications and decisions
matters-headline = { $open } under way, { $decide } to be decided, { $late } late
matters-sub = Those with a deadline first. Whoever filed or recommended can't decide.
matters-tabs = How far
matters-list = Under way
matters-find = By number, such as 2026-000012-7K3QF
matters-not-found = There is no such number. Check how it is written; O and 0 are the same.
matters-mine = Only what I may decide
matters-mine-off = Show all to be decided
matters-state = Now
matters-next = Next
matters-since = Since
matters-how = Asked for by
matters-empty = Nothing to do here
matters-empty-next = Find people to speak to among those entitled and not served, and file for those who want it.
matters-tab-decide = To be decided
matters-tab-stop = Stops to confirm
matters-tab-recommend = To be recommended
matters-tab-papers = Papers to come
matters-tab-file = Agreed, to be filed
matters-tab-again = To try again
matters-tab-notify = To be told
matters-tab-deliver = To be delivered
matters-tab-open = All under way
matters-tab-all = With closed ones
to-confirm-deadline = deadline to be confirmed

matter-state-contacting = Not reached yet
matter-state-accepted = Agreed, to be filed
matter-state-filed = Filed
matter-state-recommended = To be decided
matter-state-granted = Receiving
matter-state-stopping = Stop proposed
matter-state-declined = Declined
matter-state-refused = Refused
matter-state-withdrawn = Withdrawn
matter-state-delivered = Delivered
matter-state-ended = Stopped

matter-step-again = Try again
matter-step-file = File the application
matter-step-papers = Collect the papers
matter-step-recommend = Recommend
matter-step-decide = A second person decides
matter-step-notify = Tell the person
matter-step-deliver = Deliver and note the day
matter-step-stop = Confirm the stop

matter-headline-contacting = { $what } for { $name }: not reached yet
matter-headline-accepted = { $name } wants { $what }; to be filed
matter-headline-filed = { $name } applied for { $what }
matter-headline-recommended = { $what } for { $name } is to be decided
matter-headline-granted = { $what } for { $name } is granted
matter-headline-stopping = { $what } for { $name }: a stop to confirm
matter-headline-declined = { $name } declined { $what }
matter-headline-refused = { $what } for { $name } was refused
matter-headline-withdrawn = { $what } for { $name } was withdrawn
matter-headline-delivered = { $what } for { $name } was delivered
matter-headline-ended = { $what } for { $name } has stopped

matter-deed-contact_accepted = Reached, wants it
matter-deed-contact_declined = Reached, declined
matter-deed-contact_unreached = Not reached
matter-deed-file = Applied
matter-deed-papers = Papers checked
matter-deed-recommend = Recommended
matter-deed-give_back = Sent back
matter-deed-grant = Granted
matter-deed-refuse = Refused
matter-deed-withdraw = Withdrawn
matter-deed-notify = Person told
matter-deed-deliver = Delivered
matter-deed-propose_stop = Stop proposed
matter-deed-confirm_stop = Stop confirmed
matter-deed-keep_on = Goes on
matter-deed-reopen = Taken up again
matter-deed-void = Decision void, decided anew

matter-done-contact_accepted = Noted: wants it.
matter-done-contact_declined = Noted: declined.
matter-done-contact_unreached = Noted: not reached.
matter-done-file = Filed. The number is above; give it to the person.
matter-done-papers = Papers noted.
matter-done-recommend = Noted; a second person decides.
matter-done-give_back = Sent back.
matter-done-grant = Granted; it counts from its first day. Next, tell the person.
matter-done-refuse = Refusal noted. Tell the person why, and how to appeal.
matter-done-withdraw = Withdrawn.
matter-done-notify = Noted: the person was told.
matter-done-deliver = Delivery noted.
matter-done-propose_stop = Stop proposed; to be confirmed.
matter-done-confirm_stop = Stop confirmed.
matter-done-keep_on = It goes on.
matter-done-reopen = Taken up again.
matter-done-void = Void; recommend and decide anew.

matter-declined-not_needed = not needed
matter-declined-family_helps = the family helps
matter-declined-unwilling = does not want it
matter-declined-elsewhere = has it elsewhere
matter-declined-other = another reason
matter-verdict-grant = recommend to grant
matter-verdict-refuse = recommend to refuse
matter-papers-none = none yet
matter-day-again = try again on { $day }
matter-day-from = from { $day }
matter-day-on = done on { $day }
matter-day-stop = stops from { $day }
matter-because = rests on: { $what }
list-stop = {"; "}
matter-actor-desk = this machine
matter-how-staff = staff
matter-how-visitor = visitor
matter-how-family = family
matter-how-elder = the person
matter-how-portal = online

matter-mark-offer = Contact
matter-mark-file = Application
matter-mark-recommend = Recommendation
matter-mark-decide = Decision
matter-mark-give = Delivery
matter-way = How far it is
matter-papers = Papers seen
matter-told = What was done
matter-grounds = What the rules said then, and why
matter-answer = What the rules say now
matter-answer-met = entitled
matter-answer-not_met = not entitled
matter-answer-unknown = facts are missing
matter-answer-none = not in last night's population
matter-changed = new since last night and counted here: { $facts }
matter-decided-by = Decided by
matter-award = What was granted
matter-award-from = From
matter-award-until = Until
matter-award-delivered = Delivered on
matter-award-amount = What
matter-award-pack = Version of the plan
award-amount-unknown = the plan states no amount; to be confirmed
award-kind-service = service
award-kind-in_kind = in kind
award-per-month = , monthly
award-per-quarter = , quarterly
award-per-year = , yearly
award-per-once = , once

matter-words = Note
matter-why = Why
optional = (optional)
matter-decide-title = Your decision
matter-from-label = Given from
matter-grant-hint = Where facts are missing, say on what you grant it.
matter-refuse-hint = It is printed on the notice; write so that the person understands.
matter-give-back-hint = Say what is missing.
matter-because-label = It rests on
matter-because-refuse = To refuse, it rests on
matter-part-not_met = not met: { $part }
matter-part-unknown = not known: { $part }
matter-part-met = met: { $part }
matter-recommend-title = Your recommendation
matter-recommend-hint = To refuse, say why.
matter-second = Waits for another person: not who filed, recommended or decided before. { $office }
matter-second-end = It stops money: another person confirms it.
matter-end-title = Confirm the stop
matter-notify-hint = Hand the notice over, read it out or post it.
matter-on-label = Delivered on
matter-stop-cause = Why it stops
matter-stop-from = Stops from
matter-stop-hint = Another reason has to be written down.
matter-stop-died = the person has died
matter-stop-moved_away = moved away
matter-stop-no_longer_met = no longer entitled
matter-stop-other = another reason
matter-void-hint = Void from its first day, kept on record, recommended and decided anew.
matter-do-file = File the application
matter-do-papers = Note the papers
matter-do-recommend = Send to be decided
matter-do-grant = Grant
matter-do-refuse = Refuse
matter-do-give-back = Send back
matter-do-notify = The person was told
matter-do-deliver = Note the delivery
matter-do-stop = Propose to stop
matter-do-end = Confirm the stop
matter-do-keep = Let it go on
matter-do-void = Decided by mistake: void
matter-do-reopen = Take up again
matter-do-withdraw = Withdraw

matter-new = File an application
matter-new-headline = Apply for { $name }
matter-new-which = Which benefit
matter-new-hint = Who came, and how they are related.
matter-new-running = It is under way already:

awards-title = Awards
awards-headline = { $month }: { $n ->
    [one] 1 award runs
   *[other] { $n } awards run
}
awards-sub = Decided here. From the day it stops it no longer counts.
awards-months = Month
awards-empty = None this month
awards-empty-next = What is granted stands here from its first day.
payments-title = Payment list
payments-export = Payments xlsx

notice-offer = What you may receive
notice-receipt = Receipt of your application
notice-grant = Notice of grant
notice-refusal = Notice of refusal
notice-stop = Notice that a benefit stops
notice-day = { $day }.{ $month }.{ $year }
notice-back = Back to the matter
notice-number = No. { $number }
notice-to = To { $name }
notice-offer-says = As far as we know you may receive { $what }. You decide; if you want it we help you apply.
notice-receipt-says = We have received your application of { $filed } for { $what }.
notice-receipt-next = With the number above you can ask at any time how far it is.
notice-grant-says = Your application for { $what } is granted from { $from }.
notice-grant-amount = You receive: { $amount }.
notice-refusal-says = Your application of { $filed } for { $what } was not granted. The reason is below.
notice-stop-says = Your { $what } stops from { $from }. The reason is below.
notice-reasons = Point by point
notice-law = It rests on
notice-appeal = If you disagree
notice-received = Received by: ____________________  Date: ______________

offers-nobody = Nobody is ticked. Tick the boxes in front first.
offers-too-many = At most 200 people at once.
offers-no-outcome = Choose how it ended: wants it, declined, not reached.
offers-noted = { $n ->
    [one] Noted for one person.
   *[other] Noted for { $n } people.
}
bulk-legend = Note for those ticked
bulk-tick = Tick
bulk-tick-one = Tick { $name } { $what }
bulk-outcome = How it ended
bulk-accepted = wants it
bulk-declined = declined
bulk-unreached = not reached
bulk-reason = If declined, why
bulk-again = If not reached, try again on
bulk-save = Note
bulk-go = Note how it ended
bulk-all = Tick or untick all
bulk-told = The paying department was told to stop

work-hands = How far
work-hand-todo = Not begun
work-hand-begun = Begun or declined
work-hand-any = All
work-declined = Why people decline
work-go-on = See how far it is
work-go-file = File
work-go-stop = Stop it
hand-again = not reached, try again
hand-accepted = agreed, to be filed
hand-filed = filed
hand-recommended = to be decided
hand-granted = granted
hand-declined = declined
hand-refused = refused
hand-withdrawn = withdrawn
hand-delivered = delivered
hand-stopping = stop to confirm
hand-ended = stopped
hand-told = department told

export-why = What for
export-why-hint = It is printed in the sheet and kept on record.
export-why-missing = Say what the list is for, in at most 100 characters
export-go = Export
sheet-note-who = {" "}Taken out by { $who } at { $at } for: { $why }.
sheet-number = Application
sheet-until = Until
sheet-amount = What
sheet-delivered = Delivered on
sheet-yuan = Amount in yuan
sheet-remark = Remark

answers-title = Missing facts
answers-open = Fill in the sheet
answers-headline = { $village }: facts missing of { $n ->
    [one] 1 person
   *[other] { $n } people
}
answers-sub = Fill in what you learn, leave out what nobody knows. Print it to ask at the door and type it in later.
answers-back = Back to what is missing
answers-asked-on = Asked on
answers-save = Save all
answers-saved = { $n ->
    [one] One answer saved; tonight's rules use it.
   *[other] { $n } answers saved; tonight's rules use them.
}
answers-sign = Signed by: ________________  Seal of the village:
answers-empty = Nothing to ask in this village
answers-empty-next = All facts the rules need are known, or a department has to supply them.
answers-elsewhere = Supplied by departments, not by the village:
answers-elsewhere-one = { $fact } ({ $who })
answers-fault-day = Asked on: not later than today
answers-fault-value = { $fact } of { $name } is not right
answers-contradictions = { $n ->
    [one] One answer contradicts a list
   *[other] { $n } answers contradict a list
}
answers-answered = Answered
answers-list-says = A list says

person-matters = Applications and awards
person-matters-none = No application yet.
person-apply = File an application
person-changed = New since last night and counted here: { $facts }. Indicators follow tonight.
person-history-matter = { $what }: { $deed }
keys-tick = tick a row; tick up to this row
keys-act = do the next step; note for those ticked; file an application

audit-did-benefit-contact-accepted = Contact: wants it
audit-did-benefit-contact-declined = Contact: declined
audit-did-benefit-contact-unreached = Contact: not reached
audit-did-benefit-file = Filed an application
audit-did-benefit-papers = Checked papers
audit-did-benefit-recommend = Recommended
audit-did-benefit-give-back = Sent back a recommendation
audit-did-benefit-grant = Granted
audit-did-benefit-refuse = Refused
audit-did-benefit-withdraw = Withdrew an application
audit-did-benefit-notify = Told the person
audit-did-benefit-deliver = Noted a delivery
audit-did-benefit-propose-stop = Proposed a stop
audit-did-benefit-confirm-stop = Confirmed a stop
audit-did-benefit-keep-on = Let an award go on
audit-did-benefit-reopen = Took a matter up again
audit-did-benefit-void = Made a decision void
audit-did-fact-answer = Answered missing facts
audit-did-person-export = Took out a list of people
audit-did-work-told = Told a department to stop
