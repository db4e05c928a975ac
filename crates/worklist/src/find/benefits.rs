//! Entitled and not served; served and no longer entitled.

use std::sync::Arc;

use policy::column::Column;
use policy::model::Count;
use policy::{RuleOutcome, Truth};

use super::{Findings, Here, date, out_of_scope};
use crate::model::{Kind, Wanted};

/// Benefits with someone who is served, or could be.
fn served<'n>(night: &'n Findings<'_>) -> impl Iterator<Item = (&'n RuleOutcome, &'n Truth)> {
    night.rules("benefit").into_iter().filter_map(|rule| Some((rule, rule.served.as_ref()?)))
}

pub fn unserved(night: &Findings<'_>, here: &Here<'_>) -> Vec<Wanted> {
    let mut wanted = Vec::new();
    let cause: Arc<str> = "entitled".into();
    for (rule, served) in served(night) {
        let due_days = due_days(night, rule);
        let due_on = due_days.and_then(|days| night.as_of.checked_add_days(chrono::Days::new(days)));
        let queue = night.found.queues.iter().find(|q| serves(night, &q.id, &rule.id));
        for row in rule.outcome.yes.and(&served.no()).ones() {
            let rank = queue.and_then(|q| q.rank.get(row).as_units()).unwrap_or(0);
            wanted.push(Wanted { rank, due_on, ..here.item(Kind::Unserved, &rule.id, row, &cause) });
        }
    }
    wanted
}

pub fn stops(night: &Findings<'_>, here: &Here<'_>) -> Vec<Wanted> {
    let mut wanted = Vec::new();
    let causes = ["died", "moved_away", "no_longer_met"].map(Arc::from);
    for (rule, served) in served(night) {
        // What is given once or year by year simply isn't given again; only what runs on has a day on which it ends.
        let running = rule.stop_from.as_ref().map(|from| (from, served.yes.and(&rule.outcome.no())));
        for (from, row) in running.iter().flat_map(|(from, rows)| rows.ones().map(move |row| (from, row))) {
            wanted.push(stop(night, here, (rule, &causes), from, row));
        }
    }
    let cause: Arc<str> = "left_the_list".into();
    wanted.extend(night.left.iter().map(|(person, rule, village)| Wanted {
        kind: Kind::Stop,
        rule: rule.as_str().into(),
        person: *person,
        fact: None,
        village: *village,
        due_on: None,
        from_on: Some(night.as_of),
        rank: 0,
        cause: Arc::clone(&cause),
    }));
    wanted
}

/// The day from which it ends is the pack's, else today; it stays that of the night which found it (see `settle`).
fn stop(
    night: &Findings<'_>,
    here: &Here<'_>,
    (rule, [died, moved_away, no_longer_met]): (&RuleOutcome, &[Arc<str>; 3]),
    from: &Column,
    row: usize,
) -> Wanted {
    let cause = match out_of_scope(night, row).as_deref() {
        Some("alive") => died,
        Some(_) => moved_away,
        None => no_longer_met,
    };
    Wanted { from_on: Some(date(&from.get(row)).unwrap_or(night.as_of)), ..here.item(Kind::Stop, &rule.id, row, cause) }
}

fn serves(night: &Findings<'_>, queue: &str, rule: &str) -> bool {
    let of = night.pack.queue(queue).and_then(|q| q.of.as_deref());
    of.and_then(|of| of.split_once(':')).is_some_and(|(_, id)| id == rule)
}

fn due_days(night: &Findings<'_>, rule: &RuleOutcome) -> Option<u64> {
    let benefit = night.pack.rule(&rule.id)?.benefit()?;
    let days = match benefit.due_days.as_ref()? {
        Count::Number(days) => Some(*days),
        Count::Parameter(id, _) => night.pack.parameter(id)?.on(night.as_of)?.value.as_units(),
    };
    u64::try_from(days?).ok()
}
