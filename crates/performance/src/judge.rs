//! Whether a measured value meets its target, and if not, how it stands against its deadline.

use kernel::Date;
use policy::model::TargetOp;
use serde::Serialize;

/// How an indicator stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// The target is reached.
    Met,
    /// Not reached, and the pack's reading of "on track" holds.
    OnTrack,
    /// Not reached, not on track, the deadline is not near.
    Behind,
    /// Not reached and the deadline is near.
    DueSoon,
    /// Not reached and the deadline has passed.
    Overdue,
    /// Nothing to count, or facts are missing.
    NoData,
    /// The target compares with an earlier period that was never measured.
    NoBase,
    /// The plan states no target.
    NoTarget,
}

impl State {
    pub const ALL: [Self; 8] = [
        Self::Met,
        Self::OnTrack,
        Self::Behind,
        Self::DueSoon,
        Self::Overdue,
        Self::NoData,
        Self::NoBase,
        Self::NoTarget,
    ];

    /// The word in tables and addresses.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::OnTrack => "on_track",
            Self::Behind => "behind",
            Self::DueSoon => "due_soon",
            Self::Overdue => "overdue",
            Self::NoData => "no_data",
            Self::NoBase => "no_base",
            Self::NoTarget => "no_target",
        }
    }
}

/// What a value is judged by; every figure comes from the pack.
#[derive(Clone, Copy, Debug)]
pub struct Judgement {
    pub op: Option<TargetOp>,
    /// In the indicator's unit; none for `rise` and `fall`.
    pub target: Option<f64>,
    pub value: Option<f64>,
    /// The value of the earlier period, for `rise` and `fall`.
    pub base: Option<f64>,
    pub deadline: Option<Date>,
    /// Days before the deadline from which it is due soon.
    pub due_soon_days: Option<i64>,
    /// The value from which it counts as on track; none: the pack says nothing.
    pub on_track_from: Option<f64>,
}

/// The state, and since when it is overdue.
#[must_use]
pub fn judge(by: &Judgement, as_of: Date) -> (State, Option<Date>) {
    let Some(op) = by.op else { return (State::NoTarget, None) };
    let Some(value) = by.value else { return (State::NoData, None) };
    let goal = match op {
        TargetOp::Rise | TargetOp::Fall => by.base,
        _ => by.target,
    };
    let Some(goal) = goal else {
        return (if matches!(op, TargetOp::Rise | TargetOp::Fall) { State::NoBase } else { State::NoTarget }, None);
    };
    if holds(op, value, goal) {
        return (State::Met, None);
    }
    match by.deadline {
        Some(deadline) if deadline < as_of => (State::Overdue, deadline.succ_opt()),
        Some(deadline) if by.due_soon_days.is_some_and(|days| (deadline - as_of).num_days() <= days) => {
            (State::DueSoon, None)
        }
        _ if by.on_track_from.is_some_and(|from| holds(op, value, from)) => (State::OnTrack, None),
        _ => (State::Behind, None),
    }
}

fn holds(op: TargetOp, value: f64, goal: f64) -> bool {
    match op {
        TargetOp::AtLeast => value >= goal,
        TargetOp::AtMost => value <= goal,
        TargetOp::MoreThan | TargetOp::Rise => value > goal,
        TargetOp::LessThan | TargetOp::Fall => value < goal,
        TargetOp::Equal => (value - goal).abs() < f64::EPSILON * goal.abs().max(1.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Date {
        kernel::parse_date(text).unwrap()
    }

    fn by(value: f64) -> Judgement {
        Judgement {
            op: Some(TargetOp::AtLeast),
            target: Some(65.0),
            value: Some(value),
            base: None,
            deadline: Some(d("2025-12-31")),
            due_soon_days: Some(90),
            on_track_from: Some(60.0),
        }
    }

    #[test]
    fn the_target_itself_is_met() {
        assert_eq!(judge(&by(65.0), d("2025-06-30")).0, State::Met);
        assert_eq!(judge(&by(64.99), d("2025-06-30")).0, State::OnTrack);
        assert_eq!(judge(&by(59.99), d("2025-06-30")).0, State::Behind);
    }

    #[test]
    fn the_deadline_turns_due_soon_and_then_overdue() {
        assert_eq!(judge(&by(10.0), d("2025-10-01")).0, State::Behind);
        assert_eq!(judge(&by(10.0), d("2025-10-02")).0, State::DueSoon);
        assert_eq!(judge(&by(10.0), d("2025-12-31")).0, State::DueSoon);
        assert_eq!(judge(&by(10.0), d("2026-01-01")), (State::Overdue, Some(d("2026-01-01"))));
    }

    #[test]
    fn a_missing_base_is_said_not_guessed() {
        let rise = Judgement { op: Some(TargetOp::Rise), target: None, ..by(10.0) };
        assert_eq!(judge(&rise, d("2025-06-30")).0, State::NoBase);
        assert_eq!(judge(&Judgement { base: Some(9.9), ..rise }, d("2025-06-30")).0, State::Met);
        assert_eq!(judge(&Judgement { base: Some(10.0), ..rise }, d("2025-06-30")).0, State::Behind);
    }
}
