### Quality of lists

quality-name = Quality of lists
quality-title = { $month }: { $n } lists, { $rows } rows, { $faulty } faulty, { $ids } ID numbers that can't be right
quality-sub = Counted as the lists came; what was corrected afterwards is not in it. Open a list to see which office should mend which column.
quality-by = By department
quality-months = Month
quality-month = { $month }
quality-month-head = Month
quality-department = Department
quality-received = Lists
quality-files = { $n ->
    [one] { $n } list
   *[other] { $n } lists
}
quality-complete = Complete
quality-valid = Sound rows
quality-false-ids = False ID numbers
quality-false-ids-n = Rows with a false ID number
quality-late = Days out of date
quality-disputed = Contradicted
quality-trend = Sound rows by month
quality-key = Complete: cells that say something, of all cells. False ID numbers: wrong length, character, date or check character, or cut by a spreadsheet, of those filled in; empty ones are not counted. Days out of date: days of the month on which the newest list was older than agreed. Contradicted: facts of which another department said something else on the month's last night, to the people the list speaks of.
quality-empty = No list has been received yet
quality-list-title = { $list }, { $month }: { $faulty } of { $rows } rows faulty
quality-back = All lists
quality-columns = Column by column
quality-filled = Filled in
quality-filled-n = Rows filled in
quality-cells = Faulty cells
quality-row = The row as a whole
quality-required = required
quality-uncounted = The lists of this month were not counted by column
quality-uncounted-why = Counting by column began with the lists taken after the upgrade.
quality-differs = Other departments say something else
quality-fact = Fact
quality-people = People
quality-overruled = The other one counts
quality-agrees = No other department says anything else.
quality-none = none this month
quality-not-compared = No night of this month was published; nothing was compared.
quality-list-files = Received in the month
quality-file = File
quality-note = As of { $day }. Counted as the lists came; what was corrected afterwards is not in it.
