//! Counting a night into its summary.

use kernel::Date;
use performance::Measured;
use policy::column::{Bits, Population};
use policy::{Determinations, Pack, RuleOutcome};
use store::Session;
use worklist::{Kind, Scope, Settled};

use crate::CycleFault;
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
                .filter_map(|rule| count(pack, rule, tonight, yesterday))
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

    /// Open work after it was settled.
    pub(crate) fn count_work(&mut self, tx: &mut Session, as_of: Date, settled: &Settled) -> Result<(), CycleFault> {
        let counts = worklist::counts(tx, Scope::default(), as_of)?;
        for kind in Kind::ALL {
            let of_kind = counts.iter().filter(|c| c.kind == kind);
            let (open, overdue) = of_kind.fold((0, 0), |(open, late), c| (open + c.open, late + c.overdue));
            let unsigned = |n: i64| u64::try_from(n).unwrap_or(0);
            self.work.push(WorkCount {
                kind: kind.name().to_owned(),
                open: unsigned(open),
                overdue: unsigned(overdue),
            });
        }
        self.work_change = WorkChange { opened: settled.opened, moved: settled.moved, closed: settled.closed };
        Ok(())
    }
}

fn count(pack: &Pack, rule: &RuleOutcome, tonight: &Outcomes, yesterday: Option<&Outcomes>) -> Option<RuleCount> {
    let label = pack.rule(&rule.id)?.label.clone();
    let (gained, lost) = match yesterday.filter(|before| before.rules.contains_key(&*rule.id)) {
        Some(before) => (Some(only_in(&rule.id, tonight, before)), Some(only_in(&rule.id, before, tonight))),
        None => (None, None),
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

/// People who meet the rule in one night and not in the other.
fn only_in(rule: &str, one: &Outcomes, other: &Outcomes) -> u64 {
    let Some((met, _)) = one.rules.get(rule) else { return 0 };
    let fresh = met.ones().filter(|at| other.of(rule, one.people[*at]) != Some(policy::Outcome::Met));
    fresh.count() as u64
}
