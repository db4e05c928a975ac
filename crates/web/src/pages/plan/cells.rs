//! How a duty stands, as one cell: reached, on the way, overdue, or nothing carries it yet.

use performance::{Duty as Tracked, DutyState, State};
use policy::model::{Clause, ClauseState, Deadline};
use serde::Serialize;

use crate::desk::Desk;
use crate::pages::indicators::said;
use crate::pages::today::show::PlanSum;
use crate::parts::Mood;

/// The cell's letter is its class in the style sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Cell {
    /// Carried by rules and, where it is measured, not overdue; or a duty with evidence.
    M,
    /// A duty followed by unit and date.
    T,
    /// Past the stated date and not reached.
    O,
    /// Waits for a capability that is still to come.
    N,
}

impl Cell {
    #[must_use]
    pub const fn letter(self) -> &'static str {
        match self {
            Self::M => "M",
            Self::T => "T",
            Self::O => "O",
            Self::N => "N",
        }
    }

    #[must_use]
    pub fn from_letter(letter: &str) -> Option<Self> {
        [Self::M, Self::T, Self::O, Self::N].into_iter().find(|cell| cell.letter() == letter)
    }

    /// What stands for a group: the worst of its duties.
    #[must_use]
    pub const fn urgency(self) -> u8 {
        match self {
            Self::M => 0,
            Self::T => 1,
            Self::N => 2,
            Self::O => 3,
        }
    }
}

/// The cell of a clause.
#[must_use]
pub fn of(desk: &Desk<'_>, tracked: &[Tracked], clause: &Clause) -> Cell {
    match clause.state {
        ClauseState::Awaiting => Cell::N,
        ClauseState::Duty => match tracked.iter().find(|t| t.clause == clause.id).map(|t| t.state) {
            Some(DutyState::Done) => Cell::M,
            Some(DutyState::Overdue) => Cell::O,
            Some(DutyState::Open) => Cell::T,
            None if overdue_since(desk, clause).is_some() => Cell::O,
            None => Cell::T,
        },
        ClauseState::Implemented => {
            let ids = clause.implemented_by.iter().filter(|e| e.kind == "indicator").map(|e| e.id.as_str());
            let judged = said::whole(desk).map(|whole| ids.filter_map(|id| desk.judged(id, whole)).collect::<Vec<_>>());
            let late = judged.into_iter().flatten().any(|m| m.state == State::Overdue);
            if late { Cell::O } else { Cell::M }
        }
    }
}

/// Counts of each.
#[must_use]
pub fn sum(cells: impl Iterator<Item = Cell>) -> PlanSum {
    let mut sum = PlanSum::default();
    for cell in cells {
        *match cell {
            Cell::M => &mut sum.reached,
            Cell::T => &mut sum.on_the_way,
            Cell::O => &mut sum.overdue,
            Cell::N => &mut sum.awaiting,
        } += 1;
    }
    sum
}

/// The cells in words.
#[must_use]
pub fn spoken(desk: &Desk<'_>, cells: &[Cell]) -> String {
    let n = sum(cells.iter().copied());
    let all = i64::try_from(cells.len()).unwrap_or(0);
    let args = [
        ("n", all.into()),
        ("m", n.reached.into()),
        ("w", n.on_the_way.into()),
        ("o", n.overdue.into()),
        ("a", n.awaiting.into()),
    ];
    desk.voice.say("plan-cells-spoken", &args)
}

/// Glyph and words of a duty's state.
#[must_use]
pub fn mood(desk: &Desk<'_>, tracked: &[Tracked], clause: &Clause, cell: Cell) -> Mood {
    match cell {
        Cell::M if clause.state == ClauseState::Duty => Mood::new("ok", done(desk, tracked, clause)),
        Cell::M => Mood::new("ok", desk.voice.word("plan-state-implemented")),
        Cell::T => Mood::new("info", desk.voice.word("plan-state-duty")),
        Cell::N => Mood::new("q", desk.voice.word("plan-state-awaiting")),
        Cell::O => {
            let since = tracked.iter().find(|t| t.clause == clause.id).and_then(|t| t.deadline);
            let days = since.map(|day| (desk.as_of - day).num_days()).or_else(|| overdue_since(desk, clause));
            match days {
                Some(days) => Mood::new("danger", desk.voice.say("plan-state-overdue", &[("n", days.into())])),
                None => Mood::new("danger", desk.voice.word("plan-O")),
            }
        }
    }
}

/// When and by whom a duty was done, and how late.
fn done(desk: &Desk<'_>, tracked: &[Tracked], clause: &Clause) -> String {
    let duty = tracked.iter().find(|t| t.clause == clause.id);
    let Some((duty, report)) = duty.and_then(|duty| Some((duty, duty.done()?))) else {
        return desk.voice.word("plan-state-done");
    };
    let args = [
        ("on", report.done_on.to_string().into()),
        ("by", report.done_by.as_str().into()),
        ("n", duty.days_late(desk.as_of).unwrap_or(0).into()),
    ];
    let key = if duty.days_late(desk.as_of).is_some() { "plan-state-done-late" } else { "plan-state-done-by" };
    desk.voice.say(key, &args)
}

/// Days since the stated date, when it has passed.
fn overdue_since(desk: &Desk<'_>, clause: &Clause) -> Option<i64> {
    match &clause.deadline {
        Some(Deadline::On(day)) if *day < desk.as_of => Some((desk.as_of - *day).num_days()),
        _ => None,
    }
}
