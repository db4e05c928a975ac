//! Counting a night into its summary.

use std::cmp::Ordering;

use kernel::Date;
use performance::Measured;
use policy::column::{Bits, Population};
use policy::{Determinations, Pack, RuleOutcome};
use worklist::{Kind, OpenItems, Settled};

use crate::measuring;
use crate::night_store::Outcomes;
use crate::summary::{IndicatorLine, People, RuleCount, Summary, WorkChange, WorkCount};

impl Summary {
    /// People and rules, against the night before where there is one.
    pub(crate) fn of(
        pack: &Pack,
        population: &Population,
        found: &Determinations,
        tonight: &Outcomes,
        yesterday: Option<&Outcomes>,
        as_of: Date,
    ) -> Self {
        let all = population.table("person").map_or(0, policy::column::Table::rows);
        let same = yesterday.map(|before| Same::of(tonight, before));
        let scope = found.population.iter().map(|(_, truth)| Bits::clone(&truth.yes)).reduce(|a, b| a.and(&b));
        Self {
            as_of: Some(as_of),
            pack: pack.id.clone(),
            pack_version: pack.version.clone(),
            people: People { all: all as u64, in_scope: scope.map_or(all, |bits| bits.count_ones()) as u64 },
            rules: found
                .rules
                .iter()
                .filter(|rule| rule.entity == "person")
                .filter_map(|rule| count(pack, rule, tonight, yesterday.zip(same.as_ref())))
                .collect(),
            ..Self::default()
        }
    }

    /// Indicators of the whole region.
    pub(crate) fn measure(&mut self, pack: &Pack, measured: &[Measured], as_of: Date) {
        for indicator in &pack.indicators {
            let whole = measured.iter().find(|m| m.indicator == indicator.id && pack.roots.contains(&m.division));
            let Some(whole) = whole else { continue };
            self.indicators.push(IndicatorLine {
                id: indicator.id.clone(),
                label: indicator.label.clone(),
                unit: indicator.unit.clone(),
                numerator: whole.numerator,
                denominator: whole.denominator,
                value: whole.value,
                target: measuring::target(pack, indicator, as_of),
                op: indicator.target.as_ref().map(|t| t.op.sign().to_owned()),
                deadline: measuring::deadline(indicator),
                state: whole.state.name().to_owned(),
                since: whole.since,
                to_confirm: indicator.to_confirm,
            });
        }
    }

    /// Open work as it stands after a change.
    pub(crate) fn count_work(&mut self, open: &OpenItems, as_of: Date, settled: &Settled) {
        self.work.extend(Kind::ALL.into_iter().map(|kind| {
            let (open, overdue) = open.count(kind, as_of);
            WorkCount { kind: kind.name().to_owned(), open, overdue }
        }));
        self.work_change = WorkChange { opened: settled.opened, moved: settled.moved, closed: settled.closed };
    }
}

fn count(
    pack: &Pack,
    rule: &RuleOutcome,
    tonight: &Outcomes,
    yesterday: Option<(&Outcomes, &Same)>,
) -> Option<RuleCount> {
    let label = pack.rule(&rule.id)?.label.clone();
    let before = yesterday.and_then(|(before, same)| Some((&before.rules.get(&*rule.id)?.0, same)));
    let met = tonight.rules.get(&*rule.id).map(|(met, _)| met);
    let (gained, lost) = match (before, met) {
        (Some((before, same)), met) => {
            let both = met.map_or(0, |met| same.count(met, before));
            let only = |met: &Bits| (met.count_ones() - both) as u64;
            (Some(met.map_or(0, only)), Some(only(before)))
        }
        (None, _) => (None, None),
    };
    Some(RuleCount {
        rule: rule.id.to_string(),
        kind: rule.kind.to_owned(),
        label,
        met: rule.outcome.yes.count_ones() as u64,
        unknown: rule.outcome.unknown().count_ones() as u64,
        gained,
        lost,
        unserved: rule.served.as_ref().map(|served| rule.outcome.yes.and(&served.no()).count_ones() as u64),
    })
}

/// Who has a place in both of two nights: stretches of people who follow each other in either.
struct Same(Vec<Stretch>);

struct Stretch {
    tonight: usize,
    before: usize,
    people: usize,
}

impl Same {
    fn of(tonight: &Outcomes, before: &Outcomes) -> Self {
        let (mut here, mut there) = (0, 0);
        let mut stretches: Vec<Stretch> = Vec::new();
        while let (Some(one), Some(other)) = (tonight.people.get(here), before.people.get(there)) {
            match one.cmp(other) {
                Ordering::Less => here += 1,
                Ordering::Greater => there += 1,
                Ordering::Equal => {
                    match stretches.last_mut() {
                        Some(s) if s.tonight + s.people == here && s.before + s.people == there => s.people += 1,
                        _ => stretches.push(Stretch { tonight: here, before: there, people: 1 }),
                    }
                    (here, there) = (here + 1, there + 1);
                }
            }
        }
        Self(stretches)
    }

    /// How many are set in both nights.
    fn count(&self, tonight: &Bits, before: &Bits) -> usize {
        let of_stretch = |s: &Stretch| -> usize {
            let words = (0..s.people).step_by(64).map(|at| {
                let both = word(tonight, s.tonight + at) & word(before, s.before + at);
                let beyond = s.people - at;
                (if beyond < 64 { both & ((1 << beyond) - 1) } else { both }).count_ones() as usize
            });
            words.sum()
        };
        self.0.iter().map(of_stretch).sum()
    }
}

/// Sixty-four bits from any row.
fn word(bits: &Bits, row: usize) -> u64 {
    let at = |word: usize| bits.words().get(word).copied().unwrap_or(0);
    match row % 64 {
        0 => at(row / 64),
        shift => at(row / 64) >> shift | at(row / 64 + 1) << (64 - shift),
    }
}

#[cfg(test)]
mod tests {
    use kernel::PersonId;

    use super::*;

    #[test]
    fn who_is_met_in_both_nights_is_counted_over_people_who_come_and_go() {
        let night = |ids: Vec<i64>| Outcomes { people: ids.into_iter().map(PersonId).collect(), ..Outcomes::default() };
        let (before, tonight) = (night((0..400).collect()), night((3..600).filter(|id| id % 97 != 5).collect()));
        let met = |night: &Outcomes, step: i64| Bits::from_bools(night.people.iter().map(|id| id.0 % step == 0));
        let both = tonight.people.iter().filter(|id| id.0 < 400 && id.0 % 6 == 0).count();
        assert_eq!(Same::of(&tonight, &before).count(&met(&tonight, 2), &met(&before, 3)), both);
        assert_eq!(Same::of(&night(vec![]), &before).count(&Bits::default(), &met(&before, 3)), 0);
    }
}
