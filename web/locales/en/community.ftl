### Consultations, callbacks, messages.

consult-title = Consultations
consult-lead = Before the plan changes you are heard. Every comment is read and answered.
consult-now = Open for comment
consult-none = Nothing is open for comment now
consult-none-text = When something is, it stands on the front page. You can always call with a suggestion.
consult-past = Earlier
consult-left = Open until { $day }, { $n ->
    [one] 1 day left
   *[other] { $n } days left
}
consult-closed = Closed { $day }; the reply is being prepared
consult-answered = Reply published { $day }
consult-bar = Day { $day } of { $days }
consult-shortened = The usual period is { $usual } days, this one { $n }. Why it is shorter: { $why }
consult-affected = Computed on present records: { $people } people are touched; { $gain } more are due something, { $lose } fewer.
consult-changes = What changes against the plan in force
consult-text = What the draft says
consult-say = Comment on this
consult-n = { $n ->
    [one] 1 comment
   *[other] { $n } comments
}
consult-form = Write your comment
consult-form-about = On what
consult-whole = The whole draft
consult-form-text = Your comment
consult-form-hint = Plain words will do. Please give no ID numbers, illnesses or other personal data.
consult-form-name = Your name (optional; it is published)
consult-form-contact = How to reach you (optional; it is not published)
consult-form-send = Send
consult-sent = Received. It is published once someone has read it, and answered after the end.
consult-comments = What people say ({ $n })
consult-waiting = { $n ->
    [one] 1 more is being read.
   *[other] { $n } more are being read.
}
consult-anonymous = Anonymous
consult-withheld = Not published, because: { $why }
consult-reply = Reply
consult-theme-n = { $n ->
    [one] 1 comment
   *[other] { $n } comments
}
consult-verdict-adopted = Adopted
consult-verdict-partly = Adopted in part
consult-verdict-declined = Not adopted
consult-also = Other ways
consult-also-text = Call, or come to your township: it is noted the same.
consult-what-happens = What becomes of comments
consult-what-happens-text = A person reads each. What is not published says why and is never deleted. After the end they are answered by theme, in public.
community-missing = { $field } is missing
community-too-long = { $field } has more than { $n } characters
community-out-of-range = { $field } is not right
community-field-title = The title
community-field-days = The number of days
community-field-why = The reason
community-field-text = The text
community-field-name = The name
community-field-contact = The telephone number
community-field-reply = The reply
community-field-outcome = The outcome
callback-title = Ask to be called
callback-title-page = Tell us what is difficult
callback-lead = A telephone number is enough. Someone of your township calls in office hours.
callback-lead-page = Which page, and what is difficult there?
callback-about = About: { $about }
callback-about-result = a person should look at the result again
callback-contact = Your telephone number
callback-contact-page = How to reach you (optional)
callback-place = Where you live (optional)
callback-place-none = Not said
callback-text = What you would like to ask (optional)
callback-text-page = What is difficult
callback-name = Your name (optional)
callback-send = Send to our staff
callback-privacy = Number and words are kept encrypted; only the staff who answer can read them.
callback-sent = Received. Someone will call you.
callback-sent-page = Received. Thank you.
callback-home = Front page
callback-or = If you can't wait, call
consultations-title = Consultations
consultations-all = All
consultations-name = Title
consultations-period = Period
consultations-comments = Comments
consultations-waiting = Waiting
consultations-state = State
consultations-state-open = open
consultations-state-over = over, to be answered
consultations-state-answered = answered
consultations-none = Nothing was laid open yet
consultations-none-text = Put a draft into the folder drafts and choose it below.
consultations-open = Lay a draft open for comments
consultations-draft = Draft
consultations-days = Days
consultations-days-hint = { $n } days as a rule; fewer need a reason, which is published
consultations-why = Why it is shorter
consultations-open-go = Lay open
consultations-frozen = What the draft says that day is kept; later changes of its files don't matter.
consultations-no-draft = The folder drafts holds no draft.
consultations-draft-none = There is no such draft
consultations-draft-faulty = The draft has faults; mend it with the what-if first
consultations-shortened = Shorter because: { $why }
consultations-public = Public page
consultations-comments-n = { $n ->
    [one] 1 comment
   *[other] { $n } comments
}
consultations-comment-waiting = waiting
consultations-comment-shown = published
consultations-comment-withheld = withheld
consultations-theme = Theme
consultations-no-theme = No theme yet
consultations-show = Publish
consultations-withhold-why = Why it is withheld (published)
consultations-withhold = Withhold
consultations-no-comments = No comments yet
consultations-no-comments-text = Each is read before it is published.
consultations-themes = Themes and replies
consultations-theme-title = What they ask for
consultations-verdict = Verdict
consultations-reply = Reply
consultations-theme-add = Add a theme
consultations-answer = Publish the reply
consultations-answer-go = Publish all replies
consultations-answered = Published { $day }
consultations-still-open = Open until { $day }; the reply can be published after that
consultations-undecided = { $waiting } wait to be read, { $unthemed } for a theme
messages-title = Messages from people
messages-open = To answer
messages-done = Answered
messages-open-n = { $n } to answer
messages-done-n = { $n } answered
messages-kind-callback = Call back
messages-kind-feedback = About the website
messages-kind-correction = A fact is wrong
messages-outcome = { $on } { $by }: { $outcome }
messages-outcome-label = What came of it
messages-finish = Done
messages-none = None
messages-none-text = New ones appear here.
