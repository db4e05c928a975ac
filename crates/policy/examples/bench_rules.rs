//! Times the engine alone on generated people: `bench_rules [PEOPLE] [RUNS]`, from the repository's root.
//!
//! The comparison with other engines on one file is in `benches/rules`.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use policy::column::{Bits, Column, ColumnData, Population, Table};
use policy::value::ValueType;
use policy::{Determinations, Program};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

fn main() {
    let numbers: Vec<usize> = std::env::args().skip(1).filter_map(|arg| arg.parse().ok()).collect();
    let (people, runs) = (numbers.first().copied().unwrap_or(600_000), numbers.get(1).copied().unwrap_or(15));
    let pack = policy::load(Path::new("benches/rules/packs"), "rules-spec").expect("the bench pack is sound");
    let program = Program::compile(&pack).expect("the bench pack compiles");
    let population = Population::new([table(people)]);
    let as_of = pack.in_force_from;
    let start = Instant::now();
    let groups = population.table("person").expect("was made").households().count;
    println!("{people} people in {groups} households, indexed in {:.1} ms", ms(start));
    let mut times = Vec::new();
    let mut found = None;
    for _ in 0..runs {
        drop(found.take());
        let start = Instant::now();
        found = Some(program.run(&population, as_of));
        times.push(ms(start));
    }
    times.sort_by(f64::total_cmp);
    println!("run: best {:.1} ms, median {:.1} ms", times[0], times[times.len() / 2]);
    let start = Instant::now();
    let explained: usize =
        (0..1000).map(|row| program.explain(&population, None, "person", row * 7, as_of).len()).sum();
    println!("explain: {:.3} ms a person ({explained} answers)", ms(start) / 1000.0);
    summary(&found.expect("at least one run"));
}

fn ms(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1e3
}

fn summary(found: &Determinations) {
    for rule in &found.rules {
        println!("{:>6} met {:>7} total {:.2}", rule.id, rule.outcome.yes.count_ones(), rule.total());
    }
}

#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "a rough likeness is enough")]
fn table(people: usize) -> Table {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let mut unit = move || (rng.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
    let (mut household, mut homes) = (Vec::with_capacity(people), 0);
    while household.len() < people {
        let size = 1 + (unit() * 4.8) as usize;
        household.extend(std::iter::repeat_n(homes, size.min(people - household.len())));
        homes += 1;
    }
    let age: Vec<i16> =
        (0..people).map(|_| if unit() < 0.2 { 60.0 + unit() * 30.0 } else { unit() * 70.0 } as i16).collect();
    let mut columns = BTreeMap::new();
    let mut put = |key: &str, ty, data| {
        columns.insert(key.to_owned(), Column::new(ty, data, None).expect("lanes of the type"));
    };
    let money = |share: f64, high: f64, unit: &mut dyn FnMut() -> f64| {
        let one = |_| if unit() < share { 0.0 } else { (unit() * unit() * high * 100.0).round() / 100.0 };
        ColumnData::F64((0..people).map(one).collect())
    };
    put("income", ValueType::Float, money(0.25, 60_000.0, &mut unit));
    put("pension", ValueType::Float, money(0.8, 20_000.0, &mut unit));
    put("assets", ValueType::Float, money(0.0, 300_000.0, &mut unit));
    let small = |share: f64, low: f64, high: f64, none: i8, unit: &mut dyn FnMut() -> f64| {
        let one = |_| if unit() < share { (low + unit() * (high - low)) as i8 } else { none };
        ColumnData::I8((0..people).map(one).collect())
    };
    for (key, share, low, high, none) in [
        ("sex", 1.0, 0.0, 2.0, 0),
        ("marital", 1.0, 0.0, 4.0, 0),
        ("disability_pct", 0.09, 10.0, 101.0, 0),
        ("care_level", 0.07, 1.0, 6.0, 0),
        ("employed_months", 1.0, 0.0, 13.0, 0),
        ("children_u18", 1.0, 0.0, 3.0, 0),
        ("bereaved_months", 0.05, 0.0, 60.0, -1),
        ("chronic", 1.0, 0.0, 8.0, 0),
    ] {
        put(key, ValueType::Int, small(share, low, high, none, &mut unit));
    }
    for (key, share) in [("rural", 0.6), ("alive", 0.988), ("house_owner", 0.55)] {
        put(key, ValueType::Bool, ColumnData::Bool(Bits::from_bools((0..people).map(|_| unit() < share))));
    }
    put("residency_years", ValueType::Float, ColumnData::F32((0..people).map(|_| (unit() * 60.0) as f32).collect()));
    put("age", ValueType::Int, ColumnData::I16(age));
    put("household_id", ValueType::Int, ColumnData::I32(household));
    Table::new("person", (0..people as i64).collect(), columns).expect("columns of one length")
}
