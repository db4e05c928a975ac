//! Indicators by division, standards of places, queues, figures of divisions.

use kernel::{Bilingual, DivisionLevel, Divisions, parse_date};
use policy::Program;
use policy::column::{Population, Table, TableBuilder};
use policy::model::{
    Denominator, Detail, Indicator, Measure, Outcome, Pack, Period, Position, Queue, Rank, Rule, SqlText, Standard,
};
use policy::value::{Value, ValueType};

use crate::packs::{as_of, empty, fact, rule};

const DIVISIONS: &str = "code,name,kind,settlement\n6530,Region,prefecture,\n653001,North,county,\n653022,South,county,\n\
                         653001001,Street,subdistrict,\n653022100,Village,township,\n";

fn pack() -> Pack {
    let mut pack = empty();
    pack.divisions = Divisions::from_csv(DIVISIONS).unwrap_or_else(|faults| panic!("{faults:?}"));
    for (entity, key, ty) in [
        ("place", "division", ValueType::Text),
        ("place", "kind", ValueType::Text),
        ("place", "floor", ValueType::Int),
        ("place", "beds", ValueType::Int),
        ("division", "code", ValueType::Text),
        ("division", "level", ValueType::Text),
    ] {
        pack.dictionary.push(fact(entity, key, ty, None)).expect("keys differ");
    }
    pack.rules = vec![rule("poor_elder", &[("p", "age >= 60"), ("q", "poor")], None)];
    pack.rules.push(Rule {
        entity: "place".to_owned(),
        detail: Detail::Standard(Standard { applies: Some(SqlText::new("kind = 'canteen'")) }),
        ..rule("ground_floor", &[("p", "floor <= 1")], None)
    });
    pack
}

fn indicator(entity: &str, filter: Option<&str>, numerator: Measure, denominator: Denominator) -> Indicator {
    Indicator {
        id: "I".to_owned(),
        label: Bilingual::default(),
        summary: None,
        clauses: vec![],
        entity: entity.to_owned(),
        filter: filter.map(SqlText::new),
        numerator,
        denominator,
        unit: "percent".to_owned(),
        target: None,
        deadline: None,
        period: Period::LastMonth,
        cumulative_from: None,
        levels: vec![DivisionLevel::County, DivisionLevel::Prefecture],
        due_soon_days: None,
        on_track: None,
        to_confirm: false,
        note: None,
        at: Position::default(),
    }
}

fn table(entity: &str, fields: &[(&str, ValueType)], rows: &[Vec<Value>]) -> Table {
    let mut builder = TableBuilder::new(entity, fields.iter().copied());
    for (id, values) in rows.iter().enumerate() {
        let facts: Vec<_> = fields.iter().map(|(key, _)| *key).zip(values.iter().cloned()).collect();
        builder.push_row(i64::try_from(id).expect("few"), &facts).expect("values of the types");
    }
    builder.finish()
}

fn population() -> Population {
    let text = Value::text;
    let person = |division: &str, age, poor: Option<bool>| {
        vec![text(division), Value::Int(age), poor.map_or(Value::Null, Value::Bool)]
    };
    let people = table(
        "person",
        &[("residence_division", ValueType::Text), ("age", ValueType::Int), ("poor", ValueType::Bool)],
        &[
            person("653001001001", 70, Some(true)),
            person("653001001001", 70, Some(false)),
            person("653022100200", 70, None),
            person("653022100200", 50, Some(true)),
            person("110105001001", 70, Some(true)),
        ],
    );
    let place = |division: &str, kind: &str, floor, beds| vec![text(division), text(kind), floor, Value::Int(beds)];
    let places = table(
        "place",
        &[
            ("division", ValueType::Text),
            ("kind", ValueType::Text),
            ("floor", ValueType::Int),
            ("beds", ValueType::Int),
        ],
        &[
            place("653001001", "canteen", Value::Int(1), 0),
            place("653001001001", "care_home", Value::Int(3), 40),
            place("653022", "canteen", Value::Null, 5),
        ],
    );
    let codes = ["6530", "653001", "653022", "653001001", "653022100"];
    let level = |code: &str| {
        text(
            ["prefecture", "county", "county", "township", "township"]
                [codes.iter().position(|c| *c == code).unwrap_or(0)],
        )
    };
    let divisions: Vec<_> = codes.iter().map(|code| vec![text(code), level(code)]).collect();
    let divisions = table("division", &[("code", ValueType::Text), ("level", ValueType::Text)], &divisions);
    Population::new([people, places, divisions])
}

/// Numerator, denominator and unknown rows of region, north and south.
fn lines(indicator: Indicator) -> Vec<(f64, Option<f64>, usize)> {
    let mut pack = pack();
    let period = indicator.period_on(as_of());
    pack.indicators = vec![indicator];
    let program = Program::compile(&pack).unwrap_or_else(|faults| panic!("{}", faults[0]));
    let table = program.measure(&population(), "I", as_of(), period).expect("the pack has it");
    table.lines.iter().map(|line| (line.numerator, line.denominator, line.unknown)).collect()
}

#[test]
fn people_count_where_they_live_and_only_inside_the_plan() {
    let numerator = Measure::Count(SqlText::new("rule(poor_elder)"));
    let found = lines(indicator("person", Some("age >= 60"), numerator, Denominator::Rows));
    assert_eq!(found, [(1.0, Some(3.0), 1), (1.0, Some(2.0), 0), (0.0, Some(1.0), 1)]);
}

#[test]
fn sums_stand_alone_or_over_sums() {
    let beds = || SqlText::new("beds");
    let found = lines(indicator("place", None, Measure::Sum(beds()), Denominator::None));
    assert_eq!(found, [(45.0, None, 0), (40.0, None, 0), (5.0, None, 0)]);
    let found =
        lines(indicator("place", Some("beds > 0"), Measure::Sum(beds()), Denominator::Sum(SqlText::new("beds * 2"))));
    assert_eq!(found[0], (45.0, Some(90.0), 0));
}

#[test]
fn divisions_count_the_places_and_people_inside() {
    let count = |text: &str| Measure::Count(SqlText::new(text));
    let counties = Some("level = 'county'");
    let of = |numerator: &str| lines(indicator("division", counties, count(numerator), Denominator::Rows));
    assert_eq!(of("places_sum(beds) >= 40"), [(1.0, Some(2.0), 0), (1.0, Some(1.0), 0), (0.0, Some(1.0), 0)]);
    assert_eq!(of("persons_count(age >= 60) = 1"), [(1.0, Some(2.0), 0), (0.0, Some(1.0), 0), (1.0, Some(1.0), 0)]);
    // The southern canteen's floor is not known, so neither is the count there.
    assert_eq!(of("places_count(standard(ground_floor)) >= 1")[0], (1.0, Some(2.0), 1));
    assert_eq!(of("places_count(standard(ground_floor) IS TRUE) >= 1")[0], (1.0, Some(2.0), 0));
}

#[test]
fn a_standard_is_for_those_it_applies_to() {
    let program = Program::compile(&pack()).expect("sound");
    let population = population();
    let found = program.run(&population, as_of());
    let standard = found.rule("ground_floor").expect("the pack has it");
    let outcomes: Vec<_> = (0..3).map(|row| standard.outcome(row)).collect();
    assert_eq!(outcomes, [Outcome::Met, Outcome::NotMet, Outcome::Unknown]);
    assert_eq!(&*standard.parts[0].0, "applies");
    let answers = program.explain(&population, Some(&found), "place", 2, as_of());
    assert_eq!(answers[0].missing, ["floor"]);
    let code = table("division", &[("code", ValueType::Text)], &[vec![Value::text("6530")]]);
    let missing = program.explain(&Population::new([code]), None, "division", 0, as_of());
    assert!(missing.is_empty(), "no rule speaks of divisions");
}

#[test]
fn a_queue_takes_the_first_rank_that_holds() {
    let mut pack = pack();
    let rank = |rank, when: &str| Rank {
        rank,
        when: SqlText::new(when),
        label: Bilingual::default(),
        at: Position::default(),
    };
    pack.queues = vec![Queue {
        id: "q".to_owned(),
        label: Bilingual::default(),
        clauses: vec![],
        of: Some("group:poor_elder".to_owned()),
        order: vec![rank(1, "age >= 80"), rank(2, "age >= 65"), rank(3, "TRUE")],
        at: Position::default(),
    }];
    let program = Program::compile(&pack).expect("sound");
    let found = program.run(&population(), as_of());
    let queue = found.queue("q").expect("the pack has it");
    let ranks: Vec<_> = (0..5).map(|row| queue.rank.get(row)).collect();
    assert_eq!(ranks, [Value::Int(2), Value::Null, Value::Null, Value::Null, Value::Null]);
}

#[test]
fn periods_are_the_last_complete_ones() {
    let day = |text| parse_date(text).expect("a day");
    let mut of = indicator("person", None, Measure::Count(SqlText::new("TRUE")), Denominator::Rows);
    for (period, from, to) in [
        (Period::Day, "2026-11-20", "2026-11-20"),
        (Period::LastMonth, "2026-10-01", "2026-10-31"),
        (Period::LastQuarter, "2026-07-01", "2026-09-30"),
        (Period::LastYear, "2025-01-01", "2025-12-31"),
        (Period::Cumulative, "2021-01-01", "2026-11-20"),
    ] {
        of.period = period;
        of.cumulative_from = Some(day("2021-01-01"));
        assert_eq!(of.period_on(as_of()), (day(from), day(to)), "{}", period.name());
    }
}
