//! People of whom a list speaks, an office, and officers.

use std::sync::OnceLock;

use benefits::{About, BenefitsError, By, Grounds, How, Office};
use chrono::{DateTime, Utc};
use kernel::{Date, IdNumber, PersonId, parse_date};
use policy::Pack;
use policy::value::Value;
use registry::ingest::{IngestOptions, Ingester};
use registry::snapshot::Moment;
use registry::sources::Catalogue;
use store::{Database, Keys, Migration, Session};

pub const VILLAGE: &str = "653001100200";

pub struct Room<'d> {
    pub database: &'d Database,
    pub keys: Keys,
}

pub fn pack() -> &'static (Pack, Catalogue) {
    static PACK: OnceLock<(Pack, Catalogue)> = OnceLock::new();
    PACK.get_or_init(|| {
        let packs = testkit::repository().join("packs");
        let pack = policy::load(&packs, "kizilsu-2024").expect("the pack is sound");
        let sources = packs.join("national/sources.toml");
        let catalogue = Catalogue::load(&sources, &pack.dictionary).expect("sources are sound");
        (pack, catalogue)
    })
}

pub fn migrations() -> Vec<Migration> {
    registry::MIGRATIONS.iter().chain(worklist::MIGRATIONS).chain(benefits::MIGRATIONS).copied().collect()
}

/// The same test on both databases, with three people in the population list.
pub fn rooms(body: impl Fn(&Room<'_>)) {
    testkit::each_database(&migrations(), |database| {
        let room = Room { database, keys: testkit::keys_for(database) };
        room.people();
        body(&room);
    });
}

pub fn day(text: &str) -> Date {
    parse_date(text).expect("a day")
}

fn number(n: u16) -> String {
    IdNumber::compose("653001", day("1944-03-12"), n).expect("digits").reveal().to_owned()
}

/// An officer on a day.
pub fn by<'a>(actor: &'a str, on: &str) -> By<'a> {
    By { actor, how: How::Staff, on: day(on), at: noon(on) }
}

fn noon(on: &str) -> DateTime<Utc> {
    day(on).and_hms_opt(4, 0, 0).expect("noon exists").and_utc()
}

pub fn grounds(outcome: &str) -> Grounds {
    let (pack, _) = pack();
    Grounds {
        as_of: day("2026-11-01"),
        pack: pack.id.clone(),
        pack_version: pack.version.clone(),
        outcome: outcome.to_owned(),
        parts: Vec::new(),
        amount_fen: None,
    }
}

impl Room<'_> {
    fn people(&self) {
        let (pack, catalogue) = pack();
        let rows: Vec<String> = (1..=3).map(|n| format!("{},甲{n},男,1944-03-12,{VILLAGE}", number(n))).collect();
        let folder = tempdir();
        let path = folder.join("population_2026-10-01.csv");
        let text = format!("公民身份号码,姓名,性别,出生日期,居住地区划代码\n{}\n", rows.join("\n"));
        std::fs::write(&path, text).expect("a file");
        let mut ingester = Ingester::new(self.database, &self.keys, catalogue, &pack.divisions, &pack.roots);
        let report = ingester.file(&path, &IngestOptions::on(day("2026-10-01"))).expect("the database works");
        assert_eq!(report.good, 3, "{:?}", report.faults);
        std::fs::remove_dir_all(folder).expect("the folder goes");
    }

    pub fn session(&self) -> Session {
        self.database.session().expect("a connection")
    }

    pub fn office(&self) -> Office<'_> {
        let (pack, catalogue) = pack();
        Office { keys: &self.keys, catalogue, pack }
    }

    pub fn about<'a>(&self, person: i64, rule: &'a str) -> About<'a> {
        About { person: PersonId(person), rule, village: VILLAGE.parse().expect("a village") }
    }

    /// One use case in a transaction of its own.
    pub fn act<T>(
        &self,
        work: impl FnOnce(&Office<'_>, &mut Session) -> Result<T, BenefitsError>,
    ) -> Result<T, BenefitsError> {
        self.session().transaction(|tx| work(&self.office(), tx))
    }

    /// A fact of a person on a day.
    pub fn fact(&self, person: i64, key: &str, on: &str) -> Value {
        let (pack, catalogue) = pack();
        let moment = Moment::on(day(on));
        let taken = registry::snapshot::load(&mut self.session(), &self.keys, catalogue, pack, &moment);
        let population = taken.expect("a snapshot").population;
        let table = population.table("person").expect("people");
        table.get(table.row_of(person).expect("a row"), key)
    }

    /// Actions of the audit chain, oldest first.
    pub fn audited(&self) -> Vec<String> {
        let rows = self.session().query("SELECT action FROM audit ORDER BY sequence", &[]).expect("the chain");
        rows.iter().map(|row| row.text(0).expect("a word").to_owned()).collect()
    }
}

fn tempdir() -> std::path::PathBuf {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = format!("yilian-benefits-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let path = std::env::temp_dir().join(name);
    std::fs::create_dir_all(&path).expect("a folder");
    path
}
