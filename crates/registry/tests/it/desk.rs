//! A desk that receives lists: the real pack, a database, an inbox folder, and people to write about.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use kernel::{Date, IdNumber, PersonId, parse_date};
use policy::Pack;
use policy::value::Value;
use registry::ingest::{IngestOptions, Ingester, ListReport, ListState};
use registry::snapshot::{Moment, Snapshot};
use registry::sources::Catalogue;
use store::{Database, Keys, Session};

/// A village, a community and a village of another county.
pub const VILLAGE: &str = "653001100200";
pub const COMMUNITY: &str = "653001001001";
pub const ELSEWHERE: &str = "653022100201";

pub struct Desk<'d> {
    pub database: &'d Database,
    pub keys: Keys,
    inbox: tempfile::TempDir,
}

/// What every desk shares.
pub fn pack() -> &'static (Pack, Catalogue) {
    static PACK: OnceLock<(Pack, Catalogue)> = OnceLock::new();
    PACK.get_or_init(|| {
        let packs = testkit::repository().join("packs");
        let pack = policy::load(&packs, "kizilsu-2024").expect("the pack is sound");
        let catalogue =
            Catalogue::load(&packs.join("national/sources.toml"), &pack.dictionary).expect("sources are sound");
        (pack, catalogue)
    })
}

/// The same test on both databases.
pub fn desks(body: impl Fn(&Desk<'_>)) {
    testkit::each_database(registry::MIGRATIONS, |database| {
        body(&Desk::new(database, testkit::keys_for(database)));
    });
}

/// For what has nothing to do with the database.
pub fn desk(body: impl Fn(&Desk<'_>)) {
    testkit::on_sqlite(registry::MIGRATIONS, |database| {
        body(&Desk::new(database, testkit::keys_for(database)));
    });
}

pub fn day(text: &str) -> Date {
    parse_date(text).expect("a day")
}

/// The ID number of the `n`th person, born in 1944.
pub fn number(n: u16) -> String {
    let born = day("1944-03-12").checked_add_days(chrono::Days::new(u64::from(n))).expect("a day");
    IdNumber::compose("653001", born, n % 1000).expect("digits").reveal().to_owned()
}

pub fn birth(n: u16) -> String {
    let id = IdNumber::parse(&number(n)).expect("sound");
    id.birth_date().to_string()
}

pub const POPULATION: &str =
    "公民身份号码,姓名,性别,出生日期,民族,婚姻状况,户籍地区划代码,居住地区划代码,居住地址,户号,联系电话";

/// A row of the population list.
pub fn person(n: u16, name: &str, home: &str) -> String {
    format!("{},{name},男,{},柯尔克孜族,丧偶,{home},{home},巷子 {n} 号,H{n},139990{n:05}", number(n), birth(n))
}

/// A population of `count` people called 甲1, 甲2, …, in the village.
pub fn village(count: u16) -> Vec<String> {
    (1..=count).map(|n| person(n, &format!("甲{n}"), VILLAGE)).collect()
}

impl<'d> Desk<'d> {
    pub fn new(database: &'d Database, keys: Keys) -> Self {
        Self { database, keys, inbox: tempfile::tempdir().expect("a folder") }
    }
}

impl Desk<'_> {
    pub fn session(&self) -> Session {
        self.database.session().expect("a connection")
    }

    pub fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.inbox.path().join(name);
        fs::write(&path, bytes).expect("the inbox can be written");
        path
    }

    pub fn list(&self, name: &str, header: &str, rows: &[String]) -> PathBuf {
        self.write(name, format!("{header}\n{}\n", rows.join("\n")).as_bytes())
    }

    pub fn ingester(&self) -> Ingester<'_> {
        let (pack, catalogue) = pack();
        Ingester::new(self.database, &self.keys, catalogue, &pack.divisions, &pack.roots)
    }

    pub fn options(&self, path: &Path) -> IngestOptions {
        let name = registry::reading::ListName::of(path).map_or(day("2026-11-20"), |n| n.date);
        IngestOptions::on(name)
    }

    /// Takes a file on the day of its list.
    pub fn take(&self, path: &Path) -> ListReport {
        self.ingester().file(path, &self.options(path)).expect("the database works")
    }

    /// Writes and takes a list, and expects it to be accepted.
    pub fn accept(&self, name: &str, header: &str, rows: &[String]) -> ListReport {
        let report = self.take(&self.list(name, header, rows));
        assert_eq!(report.state, ListState::Accepted, "{name}: {:?}", report.refusal);
        report
    }

    pub fn population(&self, date: &str, rows: &[String]) -> ListReport {
        self.accept(&format!("population_{date}.csv"), POPULATION, rows)
    }

    pub fn snapshot(&self, as_of: &str) -> Snapshot {
        self.snapshot_at(&Moment::on(day(as_of)))
    }

    pub fn snapshot_at(&self, moment: &Moment) -> Snapshot {
        let (pack, catalogue) = pack();
        registry::snapshot::load(&mut self.session(), &self.keys, catalogue, pack, moment).expect("a snapshot")
    }

    /// One fact of the `n`th person on a day; none when the person is no row.
    pub fn fact(&self, n: u16, key: &str, as_of: &str) -> Option<Value> {
        let snapshot = self.snapshot(as_of);
        let table = snapshot.population.table("person").expect("people");
        table.row_of(self.id(n).0).map(|row| table.get(row, key))
    }

    pub fn id(&self, n: u16) -> PersonId {
        let id = IdNumber::parse(&number(n)).expect("sound");
        let found = registry::people::by_id_number(&mut self.session(), &self.keys, &id).expect("the database works");
        found.expect("the person is known")
    }
}
