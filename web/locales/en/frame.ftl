### The frame: words on every page.

brand-desk = Yilian desk
brand-home = Yilian, back to today
skip = Skip to main content
rail-label = Desk sections
rail-tip = { $caption } (press g, then { $key })
rail-today = Today
rail-people = People
rail-work = To do
rail-linkage = Linkage
rail-lists = Lists
rail-indicators = Figures
rail-policy = Policy
crumbs-label = You are here
scope-label = Which part
scope-all = { $place } · whole
search-label = Search by name, pinyin initials, ID number or its last four characters
search-hint = Name, initials, last four of ID
as-of = As of { $day }
display = Display
display-lang = Language
display-size = Text size
display-size-m = Normal
display-size-l = Large
display-size-xl = Largest
display-theme = Colours
display-theme-auto = Like the system
display-theme-light = Light
display-theme-dark = Dark
display-contrast = Contrast
display-contrast-normal = Normal
display-contrast-more = High
display-keys = Single-key shortcuts
display-keys-on = On
display-keys-off = Off
display-save = Show it like this
foot-masked = Names and numbers are masked. Until people can sign in, the desk opens on this machine only and nobody can see a full number.
keys-title = Keyboard
keys-search = search
keys-rows = next row, previous row, open
keys-tabs = previous, next tab
keys-help = open this list
print = Print
pager-label = Pages
pager-shown = { $from } to { $to } of { $total }
pager-previous = Previous
pager-next = Next

## Problem pages

problem-title = Error: { $title }
problem-next = What to do:{" "}
problem-faults = { $n ->
    [one] 1 thing to change
   *[other] { $n } things to change
}
problem-number = Record { $n }; the log holds the cause under this number.
problem-home = Back to today
problem-search = Find a person
problem-not-found-title = No such page
problem-not-found-cause = The address may be mistyped, or the record is not in the data published now.
problem-not-found-next = Use the sections at the side, or search for the person above.
problem-unreadable-title = The request cannot be read
problem-unreadable-cause = A condition in the address or the form sent lacks something. Nothing was changed.
problem-unreadable-next = Go back and choose the conditions again.
problem-invalid-title = The form needs changes
problem-invalid-cause = Nothing was saved.
problem-invalid-next = Go back, change what is listed above, and send it again.
problem-too-large-title = The file is too large
problem-too-large-cause = The file sent is over the limit and was not accepted.
problem-too-large-next = Send only the files of the pack's folder, or put the folder on this machine and choose it there.
problem-conflict-title = Changed meanwhile
problem-conflict-cause = The record changed after you opened the page. Nothing was saved this time.
problem-conflict-next = Go back, reload, look at what stands there now, then change it.
problem-wrong-host-title = This machine only
problem-wrong-host-cause = Until people can sign in, the desk answers to localhost and 127.0.0.1 only.
problem-wrong-host-next = On the machine that runs Yilian, open http://localhost with its port.
problem-cross-site-title = Not sent from our own pages
problem-cross-site-cause = The change looks as if another site sent it. It was not carried out.
problem-cross-site-next = Do it again from a page of Yilian.
problem-nothing-published-title = Nothing calculated yet
problem-nothing-published-cause = The nightly cycle has not run over the lists, so there is nothing to show.
problem-nothing-published-next = Run yilian cycle on the command line, then reload this page.
problem-internal-title = Something of ours failed
problem-internal-cause = No data was changed. The cause is in the log, without personal data.
problem-internal-next = Try again in a moment; if it stays, give the record number to the administrator.
