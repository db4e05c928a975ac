### The plan clause by clause

plan-title = { $m } of { $n } duties are carried by the system, { $o } are past their date and not reached
plan-title-good = { $m } of { $n } duties are carried by the system, none is past its date
plan-original = See the document
plan-bar = { $m } carried by rules, { $w } tracked as tasks, { $o } overdue, { $a } awaiting
plan-M = carried
plan-T = tracked
plan-O = overdue
plan-N = awaiting
plan-note-M = worked out by rules, visits, indicators
plan-note-T = administrative, followed by unit and date
plan-note-O = past the stated date
plan-note-N = waits for a later capability
plan-contents = Contents
plan-clauses-n = { $n } clauses
plan-only = Show only
plan-owing = Who owes most
plan-no = No.
plan-what = What, and who
plan-cells = Each
plan-carried = Carried by
plan-nothing = nothing yet
plan-who = Responsible:{" "}
plan-anchor = in the document at { $place }
plan-awaits = Waits for: { $what }
plan-evidence = Evidence: { $what }
plan-measure-open = See the gap
plan-group = { $first } and { $n } duties in all
plan-lead = { $lead }
plan-lead-partners = { $lead } with { $n ->
    [one] 1 other
   *[other] { $n } others
}
plan-due-none = no date stated
plan-state-of = { $n } { $state }
plan-pack-document = the document's record
plan-pack-population = the population
plan-pack-divisions = the division table
plan-state-implemented = carried
plan-state-duty = tracked
plan-state-done = done
plan-state-awaiting = awaiting
plan-state-overdue = { $n ->
    [one] 1 day overdue
   *[other] { $n } days overdue
}
plan-cells-spoken = { $n } in all: { $m } carried, { $w } tracked, { $o } overdue, { $a } awaiting
plan-document = { $publisher }, { $date }
plan-document-undated = { $publisher }, no date given
plan-document-index = , index { $index }
plan-document-number = , { $number }
plan-document-draft = , a draft for comments
plan-document-asked = {" "}(consulted { $from } to { $until })
plan-stand-in = Divisions stand in:{" "}
plan-document-numberless = , number blank
plan-measure-said = { $value }, { $gap }
plan-export-clause = Clause
plan-export-section = Section
plan-export-title = Title
plan-export-summary = Summary
plan-export-who = Responsible
plan-state-done-by = done { $on }, { $by }
plan-state-done-late = done { $on }, { $n ->
    [one] 1 day
   *[other] { $n } days
} late, { $by }
plan-duty-record = Record that it was done
plan-duty-done-on = Done on
plan-duty-done-by = Done by
plan-duty-evidence = Evidence
plan-duty-hint = Documents, meetings, results. No older person's name or ID number.
plan-duty-file = File or document number
plan-duty-note = Note
plan-duty-by = Recorded by
plan-duty-save = Record
plan-duty-withdraw = Withdraw
plan-duty-reason = Why
plan-duty-who-withdraws = Withdrawn by
plan-duty-recorded = recorded by { $by } on { $on }
plan-duty-withdrawn = Withdrawn by { $by } on { $on }: { $why }
plan-duty-saved = { $id } is kept and in the audit trail.
plan-duty-no-date = The day it was done is missing
plan-document-title = The document
plan-document-read = Read the attached document
plan-document-attached = { $file }, attached by { $by } on { $on }
plan-document-none = The official document is not attached. Once it is, each clause leads to its place in it:
plan-document-file = Open the whole file
plan-document-look = this number was not found in the text; look for { $place }
plan-document-cut = The document is long; only this part is shown.
plan-document-pdf = The attached document is a PDF. Open it with the button above and look for the section and item named above.
policy-tabs = Policy
policy-tab-plan = Plan
policy-tab-rules = Rules
policy-tab-parameters = Parameters
policy-tab-sql = SQL
policy-tab-whatif = What if
