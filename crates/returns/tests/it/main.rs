//! A county's return from its lake to the province's tables, and every way it can be broken.

mod journey;

use kernel::{Date, DivisionCode};
use performance::{Measured, State};
use policy::column::{Population, TableBuilder};
use policy::value::Value;
use policy::{Pack, Program};
use returns::{Agreement, Making, Signer};

pub const COUNTY: &str = "653001";

pub fn county() -> DivisionCode {
    COUNTY.parse().unwrap()
}

pub fn day() -> Date {
    kernel::parse_date("2026-11-20").unwrap()
}

/// A county whose lake holds invented people of two townships, one of them with few.
pub struct County {
    pub folder: tempfile::TempDir,
    pub pack: Pack,
    pub program: Program,
    pub agreement: Agreement,
    pub keys: store::Keys,
    pub signer: Signer,
}

impl Default for County {
    fn default() -> Self {
        Self::new()
    }
}

impl County {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let packs = testkit::repository().join("packs");
        let pack = policy::load(&packs, "kizilsu-2024").unwrap_or_else(|faults| panic!("{}", faults[0]));
        let program = Program::compile(&pack).unwrap_or_else(|faults| panic!("{}", faults[0]));
        let agreement = Agreement::load(&packs, &pack.dictionary).unwrap();
        let key = folder.path().join("return.key");
        returns::create_key_file(&key).unwrap();
        let county = Self {
            pack,
            program,
            agreement,
            keys: store::Keys::generate(),
            signer: Signer::read(&key).unwrap(),
            folder,
        };
        county.night(0);
        county
    }

    /// Writes the lake of the day; `shift` changes whom the low-income list names.
    pub fn night(&self, shift: usize) {
        let facts: Vec<_> = self.pack.dictionary.of("person").map(|f| (f.key.clone(), f.value_type)).collect();
        let mut people = TableBuilder::new("person", facts.iter().map(|(key, ty)| (key.as_str(), *ty)));
        for id in 0..200_usize {
            let township = if id < 7 { "653001002" } else { "653001001" };
            let years = if id % 4 == 0 { 1990 } else { 1945 };
            let values = [
                ("sex", Value::text(if id % 2 == 0 { "1" } else { "2" })),
                ("birth_date", Value::Date(Date::from_ymd_opt(years, 5, 1).unwrap())),
                ("residence_division", Value::text(&format!("{township}201"))),
                ("hukou_division", Value::text(&format!("{township}201"))),
                ("low_income_allowance", Value::Bool((id + shift).is_multiple_of(3))),
                ("ability_level", Value::Int(i64::try_from(id % 5).unwrap())),
            ];
            people.push_row(i64::try_from(id).unwrap() + 1, &values).unwrap();
        }
        let facts: Vec<_> = self.pack.dictionary.of("place").map(|f| (f.key.clone(), f.value_type)).collect();
        let mut places = TableBuilder::new("place", facts.iter().map(|(key, ty)| (key.as_str(), *ty)));
        let home = [
            ("place_id", Value::text("653001Y00001")),
            ("kind", Value::text("care_home")),
            ("name", Value::text("阿图什市养老院")),
            ("division", Value::text("653001001201")),
            ("beds", Value::Int(120)),
        ];
        places.push_row(1, &home).unwrap();
        let empty = ["housing_project", "division", "training"].map(|entity| {
            let facts: Vec<_> = self.pack.dictionary.of(entity).map(|f| (f.key.clone(), f.value_type)).collect();
            TableBuilder::new(entity, facts.iter().map(|(key, ty)| (key.as_str(), *ty))).finish()
        });
        let population = Population::new([people.finish(), places.finish()].into_iter().chain(empty));
        let found = self.program.run(&population, day());
        let outcomes = lake::outcomes(&found);
        let snapshot = lake::Snapshot {
            as_of: day(),
            pack_id: &self.pack.id,
            pack_version: &self.pack.version,
            dictionary: &self.pack.dictionary,
            population: &population,
            outcomes: &outcomes,
        };
        lake::write(&snapshot, &self.folder.path().join("lake")).unwrap();
    }

    pub fn make(&self) -> returns::Made {
        let measured =
            [measured("653001", 60.0, 150.0), measured("653001001", 57.0, 145.0), measured("653001002", 3.0, 5.0)];
        let making = Making {
            lake: &self.folder.path().join("lake"),
            county: county(),
            as_of: day(),
            pack: &self.pack,
            program: &self.program,
            agreement: &self.agreement,
            measured: &measured,
            keys: &self.keys,
            signer: &self.signer,
            made_at: "2026-11-21T02:00:00.000000Z".to_owned(),
        };
        returns::make(&making, &self.folder.path().join("out")).unwrap()
    }
}

fn measured(division: &str, numerator: f64, denominator: f64) -> Measured {
    let packs = testkit::repository().join("packs");
    let pack = policy::load(&packs, "kizilsu-2024").unwrap_or_else(|faults| panic!("{}", faults[0]));
    let indicator = pack.indicators.iter().find(|i| i.entity == "person").expect("some count people").id.clone();
    Measured {
        indicator,
        division: division.parse().unwrap(),
        period_start: day(),
        period_end: day(),
        numerator: Some(numerator),
        denominator: Some(denominator),
        unknown: 0,
        value: Some(numerator / denominator),
        base: None,
        state: State::ALL[0],
        since: None,
    }
}

#[test]
fn every_statement_prepares_on_both_databases() {
    assert!(testkit::check_room_statements("returns", returns::MIGRATIONS) >= 9);
}
