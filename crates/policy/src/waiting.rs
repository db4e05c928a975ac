//! Which facts a whole population waits for: of whom has to be asked what.

use std::collections::BTreeSet;
use std::num::NonZero;
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::column::{Population, Table};
use crate::engine::row::{At, RowEngine};
use crate::engine::{Determinations, missing};
use crate::program::Program;

/// Rows that one thread takes at a time.
const ROWS: usize = 1 << 13;

/// A fact that a row lacks, and that could still decide rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting<'p> {
    pub row: usize,
    pub fact: &'p str,
    /// How many rules wait for it.
    pub rules: u32,
}

impl Program {
    /// The facts to ask for wherever a rule of the entity was found unknown, by row, then by fact.
    ///
    /// Rows are shared out among the cores; what is said of a row is read from it and from those it lives with.
    #[must_use]
    pub fn waiting<'p>(
        &'p self,
        population: &'p Population,
        found: &'p Determinations,
        entity: &str,
    ) -> Vec<Waiting<'p>> {
        let Some(table) = population.table(entity) else { return Vec::new() };
        let parts = table.rows().div_ceil(ROWS);
        let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::with_capacity(parts)));
        let work = || {
            let engine = RowEngine::knowing(self, population, found);
            loop {
                let part = next.fetch_add(1, Ordering::Relaxed);
                if part >= parts {
                    break;
                }
                let rows = part * ROWS..table.rows().min((part + 1) * ROWS);
                let waiting = of_rows(&engine, table, found, rows);
                done.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((part, waiting));
            }
        };
        let workers = std::thread::available_parallelism().map_or(1, NonZero::get).min(parts);
        std::thread::scope(|scope| {
            let others: Vec<_> = (1..workers).map(|_| scope.spawn(work)).collect();
            work();
            others.into_iter().for_each(|other| other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        });
        let mut done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        done.sort_unstable_by_key(|(part, _)| *part);
        done.into_iter().flat_map(|(_, waiting)| waiting).collect()
    }
}

fn of_rows<'p>(engine: &RowEngine<'p>, table: &Table, found: &Determinations, rows: Range<usize>) -> Vec<Waiting<'p>> {
    let of_entity = |(_, rule): &(usize, &crate::RuleOutcome)| rule.entity == table.entity();
    let rules: Vec<_> = found.rules.iter().enumerate().filter(of_entity).collect();
    let (mut waiting, mut keys) = (Vec::new(), BTreeSet::new());
    for word in rows.start / 64..rows.end.div_ceil(64) {
        let known = rules.iter().fold(!0, |known, (_, rule)| known & rule.outcome.known.words()[word]);
        let mut unknown = !known;
        while unknown != 0 {
            let row = word * 64 + unknown.trailing_zeros() as usize;
            unknown &= unknown - 1;
            if row >= rows.end {
                break;
            }
            engine.forget_rows();
            let first = waiting.len();
            for (index, _) in rules.iter().filter(|(_, rule)| !rule.outcome.known.get(row)) {
                keys.clear();
                missing::of_rule(engine, *index, At { table, row }, &mut keys);
                keys.iter().for_each(|fact| count(&mut waiting, first, row, fact));
            }
            waiting[first..].sort_unstable_by_key(|of_row| of_row.fact);
        }
    }
    waiting
}

fn count<'p>(waiting: &mut Vec<Waiting<'p>>, first: usize, row: usize, fact: &'p str) {
    match waiting[first..].iter_mut().find(|of_row| of_row.fact == fact) {
        Some(of_row) => of_row.rules += 1,
        None => waiting.push(Waiting { row, fact, rules: 1 }),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::column::TableBuilder;
    use crate::model::Outcome;
    use crate::sample::Sample;
    use crate::value::{Value, ValueType};

    /// Row by row the same as what the explanation of each rule names.
    #[test]
    fn what_is_asked_is_what_explanations_miss() {
        let sample =
            Sample::new().with("demo/groups.toml", "age >= param(old_age)", "household_any(poor) OR age >= 60");
        let pack = sample.load().expect("the sample loads");
        let program = Program::compile(&pack).expect("the sample compiles");
        let columns = [
            ("birth_date", ValueType::Date),
            ("poor", ValueType::Bool),
            ("household_id", ValueType::Text),
            ("death_date", ValueType::Date),
        ];
        let mut builder = TableBuilder::new("person", columns);
        let day = |text: &str| Value::Date(kernel::parse_date(text).expect("a day"));
        let rows = i64::try_from(ROWS).expect("few") * 2 + 77;
        for id in 0..rows {
            let mut facts = Vec::new();
            match id % 5 {
                0 => {}
                1 => facts.push(("birth_date", day("1990-01-01"))),
                _ => facts.push(("birth_date", day("1940-01-01"))),
            }
            match id % 7 {
                0 | 1 => {}
                at => facts.push(("poor", Value::Bool(at == 2))),
            }
            facts.push(("household_id", Value::text(&format!("h{}", id / 3))));
            if id % 11 == 0 {
                facts.push(("death_date", day("2020-01-01")));
            }
            builder.push_row(id, &facts).expect("fits");
        }
        let population = Population::new([builder.finish()]);
        let as_of = kernel::parse_date("2026-11-20").expect("a day");
        let found = program.run(&population, as_of);
        let waiting = program.waiting(&population, &found, "person");
        assert!(waiting.is_sorted_by_key(|waits| (waits.row, waits.fact)));
        let explainer = program.explainer(&population, Some(&found), as_of);
        let mut told: BTreeMap<(usize, String), u32> = BTreeMap::new();
        for row in 0..ROWS * 2 + 77 {
            for answer in explainer.row("person", row).into_iter().filter(|answer| answer.outcome == Outcome::Unknown) {
                answer.missing.into_iter().for_each(|fact| *told.entry((row, fact)).or_default() += 1);
            }
        }
        assert!(!told.is_empty());
        let waiting = waiting.into_iter().map(|waits| ((waits.row, waits.fact.to_owned()), waits.rules));
        assert!(waiting.eq(told), "asked otherwise than explained");
    }
}
