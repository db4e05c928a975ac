### Signing in and accounts

sign-in-title = Sign in
sign-in-name = User name or phone number
sign-in-password = Password
sign-in-go = Go on
sign-in-lost = Forgotten it? An administrator can send a link to set a new one.
sign-in-refused = The name or the password is wrong
sign-in-wait = Too many wrong attempts; try again in { $n ->
    [one] { $n } minute
   *[other] { $n } minutes
}
sign-in-locked = The account is locked; ask an administrator
sign-in-wrong-code = The code is wrong or was used before
sign-in-too-late = This step took too long; sign in again
sign-in-link-spent = The link was used or is too old; ask for a new one
sign-in-again = Sign in again
sign-in-code-title = Code
sign-in-code = The six digits in your authenticator app
sign-in-code-hint = They change every 30 seconds; a recovery code will do, too
sign-in-code-lost = New phone and no recovery codes? An administrator can reset it.
sign-in-set-up-title = Set up the code first
sign-in-set-up-why = Scan this with an authenticator app on your phone (any that knows TOTP). From now on signing in asks for its six digits beside the password.
sign-in-set-up-new = The code above is a new one; please scan it again.
sign-in-qr = QR code for the authenticator app
sign-in-typed = If you can't scan it, type:
sign-in-first-code = The six digits it shows now
sign-in-codes-title = Write down your recovery codes
sign-in-codes-why = When the phone is not at hand, each of these stands for one code, once. They are shown this time only; keep them on paper.
sign-in-kept = I have them; go in
sign-in-link-title = Set a password
sign-in-link-hello = { $name }, please set a password for your account:
sign-in-new-password = New password
sign-in-password-again = Once more
sign-in-password-hint = At least { $n } characters; a sentence is easy to keep. No digits or signs are asked for.
sign-in-not-alike = The two differ
sign-in-set = Use this
sign-out = Sign out
account-title = My account
account-sub = User name { $username }
account-roles = My roles and what they may do
account-no-role = No role yet; ask an administrator.
account-sessions = Where I am signed in
account-device = Device
account-began = Since
account-seen = Last seen
account-here = here
account-end = Sign it out
account-password = Change the password
account-old = Present password
account-change = Change it
reveal-title = Name and numbers in full
reveal-ask = Show name, numbers and address in full
reveal-why = Who looked, when and why is written down each time; the person and the family can see it.
reveal-purpose = What for
reveal-note = A sentence (for complaints and inspections)
reveal-go = Write it down and show
reveal-again = Choose a purpose; complaints and inspections need a sentence.
reveal-for = For: { $purpose }; written down
reveal-id = ID number
reveal-phone = Phone
reveal-address = Address
reveal-kept = This page is not kept; after leaving it the purpose is asked again.
reveal-back = Back to the person
looks-title = Who looked
looks-link = Who looked
looks-headline = { $name }: looked at { $n ->
    [one] once
   *[other] { $n } times
}
looks-sub = Everyone to whom the full name, numbers or address were shown.
looks-at = When
looks-who = Who
looks-role = Role
looks-purpose = What for
looks-note = Note
looks-empty = Nobody has looked
looks-empty-next = A line appears here when somebody has the numbers shown in full.
problem-stale-form-title = This form is too old
problem-stale-form-cause = You have signed in again since this page was opened, or it did not come from a page of Yilian. Nothing was saved.
problem-stale-form-next = Go back, load the page again and fill it in once more.
problem-not-signed-in-title = Not signed in
problem-not-signed-in-cause = The session is over; what you just sent was not saved.
problem-not-signed-in-next = Sign in again and repeat it.
problem-not-allowed-title = This page is not yours to see
problem-not-allowed-cause = Your role does not reach this:
problem-not-allowed-next = If you need it, turn to one of the roles named, or ask an administrator for it.
foot-signed = Names and numbers are masked; to see them in full, say what for. Who looked is kept.
