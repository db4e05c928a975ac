//! Wrong attempts slow down the next one. The state machine is pure; the database keeps it over a restart.
//!
//! An attempt is counted before it is judged, so that many at once can't slip past; a right one takes its count back.

use chrono::{DateTime, Duration, Utc};
use store::{Keys, Session, StoreError, Value, stamp};

use crate::authz::AttemptRule;
use crate::error::AccountsError;
use crate::time;

/// What is known of the attempts on one account, or from one source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Attempts {
    /// Wrong ones in a row.
    pub wrong: u32,
    pub last_at: Option<DateTime<Utc>>,
    /// None before this.
    pub wait_until: Option<DateTime<Utc>>,
}

/// What an attempt meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// It may be judged; what is to be kept meanwhile, and whether the account locks if it is wrong.
    Open { counted: Attempts, last: bool },
    /// It is not even looked at.
    Wait(Duration),
}

impl Attempts {
    /// One more attempt, at `now`.
    #[must_use]
    pub fn attempt(self, rule: AttemptRule, now: DateTime<Utc>) -> Gate {
        if let Some(until) = self.wait_until.filter(|until| *until > now) {
            return Gate::Wait(until - now);
        }
        let forgotten = Duration::hours(i64::from(rule.forgotten_after_hours));
        let before = if self.last_at.is_none_or(|last| now - last >= forgotten) { 0 } else { self.wrong };
        let wrong = before.saturating_add(1);
        let wait = wait_after(rule, wrong);
        let wait_until = (wait > Duration::zero()).then(|| now + wait);
        let counted = Self { wrong, last_at: Some(now), wait_until };
        Gate::Open { counted, last: rule.lock_after.is_some_and(|most| wrong >= most) }
    }

    /// The counted attempt was right: it is taken back.
    #[must_use]
    pub fn took_back(self) -> Self {
        Self { wrong: self.wrong.saturating_sub(1), wait_until: None, ..self }
    }
}

/// How long to wait after so many wrong ones in a row: nothing, then doubling up to the longest.
#[must_use]
pub fn wait_after(rule: AttemptRule, wrong: u32) -> Duration {
    let Some(over) = wrong.checked_sub(rule.free).filter(|over| *over > 0) else { return Duration::zero() };
    let doubled = u64::from(rule.first_wait_seconds) << (over - 1).min(31);
    let seconds = doubled.min(u64::from(rule.longest_wait_seconds));
    Duration::seconds(i64::try_from(seconds).unwrap_or(i64::MAX / 1000))
}

/// Whose attempts: nothing in it tells who or from where, without the key.
pub(crate) fn subject(keys: &Keys, kind: &str, what: &str) -> String {
    format!("{kind} {}", hex::encode(keys.blind("sign_in_attempt", what)))
}

/// Counts an attempt in the caller's transaction.
pub(crate) fn count(
    tx: &mut Session,
    subject: &str,
    rule: AttemptRule,
    now: DateTime<Utc>,
) -> Result<Gate, AccountsError> {
    // The row is made first, so that two first attempts at once queue for it.
    tx.exec(include_str!("../../sql/attempt_begin.sql"), &[subject.into()])?;
    let gate = read(tx, subject)?.attempt(rule, now);
    if let Gate::Open { counted, .. } = gate {
        write(tx, subject, counted)?;
    }
    Ok(gate)
}

/// Takes a counted attempt back: it was right.
pub(crate) fn take_back(tx: &mut Session, subject: &str) -> Result<(), AccountsError> {
    let known = read(tx, subject)?;
    Ok(write(tx, subject, known.took_back())?)
}

/// Forgets everything: signed in, or unlocked.
pub(crate) fn forget(tx: &mut Session, subject: &str) -> Result<(), StoreError> {
    tx.exec(include_str!("../../sql/attempt_forget.sql"), &[subject.into()]).map(drop)
}

fn read(tx: &mut Session, subject: &str) -> Result<Attempts, AccountsError> {
    let row = tx.query_opt(include_str!("../../sql/attempt_get.sql"), &[subject.into()])?;
    let Some(row) = row else { return Ok(Attempts::default()) };
    Ok(Attempts {
        wrong: u32::try_from(row.int(0)?).unwrap_or(u32::MAX),
        last_at: time::opt(&row, 1)?,
        wait_until: time::opt(&row, 2)?,
    })
}

fn write(tx: &mut Session, subject: &str, attempts: Attempts) -> Result<(), StoreError> {
    let moment = |at: Option<DateTime<Utc>>| Value::from(at.map(stamp));
    let params = [subject.into(), attempts.wrong.into(), moment(attempts.last_at), moment(attempts.wait_until)];
    tx.exec(include_str!("../../sql/attempt_set.sql"), &params).map(drop)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rule() -> impl Strategy<Value = AttemptRule> {
        (0_u32..8, 1_u32..60, 0_u32..4000, 1_u32..48, prop::option::of(8_u32..101)).prop_map(
            |(free, first, more, forgotten_after_hours, lock_after)| AttemptRule {
                free,
                first_wait_seconds: first,
                longest_wait_seconds: first + more,
                forgotten_after_hours,
                lock_after,
            },
        )
    }

    fn start() -> DateTime<Utc> {
        DateTime::from_timestamp(1_790_000_000, 0).unwrap()
    }

    proptest! {
        /// Whatever the rhythm of wrong attempts: after the free ones each is judged no sooner than its wait after the
        /// one before, waits never shrink while nothing is forgotten, and never exceed the longest.
        #[test]
        fn guessing_is_slowed_whatever_its_rhythm(rule in rule(), gaps in prop::collection::vec(0_i64..5000, 1..80)) {
            let (mut state, mut now) = (Attempts::default(), start());
            let mut last: Option<(DateTime<Utc>, Duration)> = None;
            for gap in gaps {
                now += Duration::seconds(gap);
                match state.attempt(rule, now) {
                    Gate::Wait(left) => {
                        prop_assert!(left > Duration::zero());
                        prop_assert!(left <= Duration::seconds(i64::from(rule.longest_wait_seconds)));
                    }
                    Gate::Open { counted, last: locks } => {
                        let wait = wait_after(rule, counted.wrong);
                        if let Some((at, before)) = last {
                            prop_assert!(now - at >= before);
                            prop_assert!(counted.wrong == 1 || wait >= before);
                        }
                        prop_assert_eq!(counted.wrong > rule.free, wait > Duration::zero());
                        prop_assert_eq!(locks, rule.lock_after.is_some_and(|most| counted.wrong >= most));
                        last = Some((now, wait));
                        state = counted;
                    }
                }
            }
        }

        /// Within any day, an attacker has few attempts: the free ones, and those that fit between the waits.
        #[test]
        fn a_day_holds_few_attempts(free in 0_u32..10, first in 10_u32..60) {
            let rule = AttemptRule {
                free, first_wait_seconds: first, longest_wait_seconds: 900, forgotten_after_hours: 24, lock_after: None,
            };
            let (mut state, mut now, mut judged) = (Attempts::default(), start(), 0);
            while now < start() + Duration::hours(24) {
                match state.attempt(rule, now) {
                    Gate::Open { counted, .. } => { judged += 1; state = counted; }
                    Gate::Wait(left) => now += left,
                }
            }
            prop_assert!(judged <= free + 7 + 24 * 4 + 1, "{}", judged);
        }

        /// Who always knows the password never waits.
        #[test]
        fn right_attempts_never_wait(rule in rule(), gaps in prop::collection::vec(0_i64..100, 1..60)) {
            let (mut state, mut now) = (Attempts::default(), start());
            for gap in gaps {
                now += Duration::seconds(gap);
                match state.attempt(rule, now) {
                    Gate::Open { counted, .. } => state = counted.took_back(),
                    Gate::Wait(_) => prop_assert!(false, "waited"),
                }
            }
        }
    }
}
