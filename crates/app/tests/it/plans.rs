//! A small night of each plan: the invented lists of its region, the plan's own lists written here, exact counts.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::home::{Home, root, yilian};

const DAY: &str = "2026-11-20";

/// A person of the truth, by column.
type Person = BTreeMap<String, String>;

struct Night {
    home: Home,
    /// The living residents of the region.
    people: Vec<Person>,
    folder: tempfile::TempDir,
}

impl Night {
    /// Lists of two townships of `region`; places are the test's own, so that they can be counted.
    fn new(region: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut command = yilian(Path::new("unused"));
        command.args(["synth", "--townships", "2", "--older-people", "240", "--seed", "7", "--as-of", DAY]);
        let done = command.args(["--region", region, "--out"]).arg(folder.path()).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        for entry in fs::read_dir(folder.path()).unwrap() {
            let path = entry.unwrap().path();
            if path.file_name().unwrap().to_string_lossy().starts_with("places_") {
                fs::remove_file(path).unwrap();
            }
        }
        let truth = fs::read_to_string(folder.path().join("truth/people.csv")).unwrap();
        let mut lines = truth.lines();
        let keys: Vec<&str> = lines.next().unwrap().split(',').collect();
        let person = |line: &str| -> Person {
            keys.iter().map(|key| (*key).to_owned()).zip(line.split(',').map(str::to_owned)).collect()
        };
        let alive = |p: &Person| p["death_date"].is_empty() || p["death_date"].as_str() > DAY;
        let here = |p: &Person| p["residence_division"].starts_with(region);
        let people = lines.map(person).filter(|p| alive(p) && here(p)).collect();
        Self { home: Home::new(), people, folder }
    }

    /// Adds a list of the day.
    fn list(&self, source: &str, rows: &[&str]) {
        fs::write(self.folder.path().join(format!("{source}_{DAY}.csv")), rows.join("\n") + "\n").unwrap();
    }

    fn run(&self, pack: &str) -> Found {
        self.home.receive(self.folder.path());
        let said = self.home.succeed(&["cycle", "--pack", pack, "--allow-future", "--as-of", DAY, "--json"]);
        let summary: Value = serde_json::from_str(&said).unwrap();
        assert_eq!((&summary["lists"]["refused"], &summary["lists"]["held"]), (&0.into(), &0.into()), "{summary}");
        Found(summary)
    }

    /// How many residents have reached an age, and meet something more.
    fn count(&self, age: i32, more: impl Fn(&Person) -> bool) -> u64 {
        self.people.iter().filter(|p| self.age(p) >= age && more(p)).count() as u64
    }

    fn age(&self, person: &Person) -> i32 {
        let number = |text: &str| text.replace('-', "").parse::<i32>().unwrap();
        (number(DAY) - number(&person["birth_date"])) / 10_000
    }

    /// A row `number,name,rest` for each of the first `n` that fit.
    fn rows(&self, n: usize, fits: impl Fn(&Person) -> bool, rest: &str) -> Vec<String> {
        let fitting = self.people.iter().filter(|p| fits(p));
        let rows: Vec<String> = fitting.take(n).map(|p| format!("{},{},{rest}", p["id_number"], p["name"])).collect();
        assert_eq!(rows.len(), n);
        rows
    }
}

struct Found(Value);

impl Found {
    fn rule(&self, id: &str) -> &Value {
        self.0["rules"].as_array().unwrap().iter().find(|rule| rule["rule"] == id).expect(id)
    }

    fn met(&self, id: &str) -> u64 {
        self.rule(id)["met"].as_u64().unwrap()
    }

    /// Numerator, denominator and state.
    fn indicator(&self, id: &str) -> (f64, f64, String) {
        let found = self.0["indicators"].as_array().unwrap().iter().find(|line| line["id"] == id).expect(id);
        let number = |key: &str| found[key].as_f64().unwrap_or(-1.0);
        (number("numerator"), number("denominator"), found["state"].as_str().unwrap().to_owned())
    }
}

/// What rows with slips and deaths not told keep a count from being the truth to the last person.
#[track_caller]
fn near(found: u64, truth: u64) {
    assert!(found.abs_diff(truth) <= 3 + truth / 50, "{found} found, {truth} in truth");
}

fn lines<'r>(head: &'r str, rows: &'r [String]) -> Vec<&'r str> {
    std::iter::once(head).chain(rows.iter().map(String::as_str)).collect()
}

const PLACES: &str = "机构编码,机构名称,类别,所在区划代码,建筑面积,床位数,护理型床位数,所有制,运营方式";
const OPERATION: &str =
    "机构编码,备案日期,连锁运营,委托方式,合同起始日期,合同到期日期,责任险到期日期,示范,综合功能,服务层级";

#[test]
fn a_night_of_chaoyang() {
    let night = Night::new("110105");
    night.list(
        "places",
        &[
            PLACES,
            "A1,甲养老院,养老院,110105001024,2000,100,60,公办,公建民营",
            "A2,乙养老院,养老院,110105001024,1000,40,20,公办,公办公营",
            "A3,丙照料中心,街乡养老照料中心,110105002,600,30,30,民办,民办民营",
            "Z1,甲驿站,社区养老服务站,110105001025,200,0,0,公办,公建民营",
            "Z2,乙驿站,社区养老服务站,110105001026,150,0,0,公办,公建民营",
            "L1,建外联合体,养老服务联合体,110105001,,,,,",
        ],
    );
    night.list(
        "place_operation",
        &[
            OPERATION,
            "A1,2020-01-01,是,委托运营,2020-01-01,2030-01-01,2027-01-01,否,是,",
            "A2,2020-01-01,否,,,,2026-01-01,否,是,",
            "A3,2020-01-01,是,,,,,否,是,",
            "Z1,2021-03-01,是,委托运营,2020-01-01,2035-01-01,,否,否,",
            "Z2,,否,,,,,否,否,",
        ],
    );
    night.list("place_ratings", &["机构编码,星级,调查人数,满意人数", "A1,三星（级）,100,91", "A2,未评定,50,40"]);
    night.list("population_bases", &["区划代码,户籍人口,户籍老年人口", "110105001,1000,291"]);
    let registered = |p: &Person| p["hukou_division"].starts_with("110105");
    let oldest = night.count(80, registered);
    let paid = night.rows(3, |p| night.age(p) >= 80 && registered(p), "否,否,是,否");
    let head = "公民身份号码,姓名,困难老年人养老服务补贴,失能老年人护理补贴,高龄老年人津贴,困难家庭老年人入住机构补助";
    night.list("elder_subsidies", &lines(head, &paid));

    let found = night.run("chaoyang-2021");
    near(found.met("oldest_old"), night.count(80, |_| true));
    let due = found.met("oldest_old_allowance");
    near(due, oldest);
    assert_eq!(found.rule("oldest_old_allowance")["unserved"], due - 3);
    near(found.met("health_management"), night.count(65, |_| true));
    assert!(found.met("at_risk") > oldest, "more than age puts people at risk");
    assert_eq!(found.indicator("I-CY1"), (3.0, 4.0, "overdue".to_owned()));
    assert_eq!(found.indicator("I-CY2").0, 2.0);
    assert_eq!(found.indicator("I-CY5"), (131.0, 150.0, "met".to_owned()));
    assert_eq!(found.indicator("I-CY8").0, 1.0, "a station without a date of filing is not counted");
    assert_eq!(found.indicator("I-CY9"), (1.0, 43.0, "overdue".to_owned()));
    assert_eq!(found.indicator("I-CY10").0, 170.0);
    assert_eq!(found.indicator("I-CY-B1b"), (291.0, 1000.0, "no_target".to_owned()));
}

#[test]
fn a_night_of_daxing() {
    let night = Night::new("110115");
    let rows = night.rows(6, |p| night.age(p) >= 60, "2024-05-01");
    night.list("volunteers", &lines("公民身份号码,姓名,注册日期", &rows));
    let bank = night.rows(2, |p| night.age(p) >= 60, "40,10");
    night.list("time_bank", &lines("公民身份号码,姓名,累计服务时长,结余时长", &bank));
    let home = night.people.iter().find(|p| night.age(p) >= 80).unwrap()["residence_division"].clone();
    let area = format!("{home},是,是,Z1");
    night.list("community_services", &["区划代码,专业化居家养老服务,互助居家养老服务,责任驿站编码", &area]);
    let no: Vec<String> = night.rows(1, |p| night.age(p) >= 80, "否,否,否,否");
    let head = "公民身份号码,姓名,困难老年人养老服务补贴,失能老年人护理补贴,高龄老年人津贴,困难家庭老年人入住机构补助";
    night.list("elder_subsidies", &lines(head, &no));

    let found = night.run("daxing-2022");
    let older = night.count(60, |_| true);
    assert_eq!(found.indicator("I-DX5").0, 6.0);
    near(found.indicator("I-DX5").1 as u64, older);
    assert_eq!(found.indicator("I-DX6").2, "no_data", "the accounts came after the end of October");
    let (covered, recipients, _) = found.indicator("I-DX2");
    assert!(covered >= 1.0 && covered < recipients, "{covered} of {recipients}");
    let (enjoyed, due, state) = found.indicator("I-DX1");
    assert!(due >= found.met("oldest_old_allowance") as f64 && enjoyed < due, "{enjoyed} of {due}");
    assert_eq!(state, "overdue");
    assert_eq!(found.met("basic_service_recipient"), recipients as u64);
}

#[test]
fn a_night_of_rizhao() {
    let night = Night::new("3711");
    night.list(
        "places",
        &[
            PLACES,
            "C1,甲中心,社区养老服务中心,371102001001,400,0,0,公办,公建民营",
            "C2,乙中心,社区养老服务中心,371102001002,350.5,0,0,公办,公建民营",
            "O1,安康居家服务,居家养老服务组织,371121,,,,民办,民办民营",
            "D1,旧日间照料,日间照料中心,371102001001,300,0,0,公办,公办公营",
        ],
    );
    let head = "机构编码,示范,停用原因,替代用房面积";
    night.list("place_operation", &[head, "C1,是,,", "C2,是,,", "D1,否,,"]);
    let head = "区划代码,专业化居家养老服务,互助居家养老服务";
    night.list("community_services", &[head, "371102001001,是,否", "371102001002,否,否", "371121103201,否,是"]);

    let found = night.run("rizhao-2018");
    let table = fs::read_to_string(root().join("packs/national/divisions.csv")).unwrap();
    let kind = |word: &str| table.lines().filter(|l| l.starts_with("3711") && l.ends_with(word)).count() as f64;
    assert_eq!(found.indicator("I-RZ1"), (1.0, kind(",urban"), "overdue".to_owned()));
    assert_eq!(found.indicator("I-RZ2"), (1.0, kind(",rural"), "overdue".to_owned()));
    assert_eq!(found.indicator("I-RZ4"), (1.0, 5.0, "overdue".to_owned()));
    assert_eq!(found.indicator("I-RZ5"), (1.0, 5.0, "overdue".to_owned()));
    near(found.indicator("I-RZ6").1 as u64, night.count(60, |_| true));
    near(found.met("oldest_old"), night.count(80, |_| true));
    near(found.met("lost_only_child"), night.count(60, |p| p["special_family"] == "only_child_died"));
    assert!(found.met("village_care") > 0);
}

#[test]
fn a_night_of_elder_and_infant_care() {
    let night = Night::new("3711");
    night.list(
        "places",
        &[
            PLACES,
            "A1,甲敬老院,敬老院,371121103201,2000,100,70,公办,公办公营",
            "A2,乙养老院,养老院,371102001001,2000,50,20,民办,民办民营",
            "S1,甲服务站,社区养老服务站,371102001001,120,0,0,公办,公建民营",
        ],
    );
    night.list("place_staff", &["机构编码,从业人员数,受过专业培训人数", "A1,20,20", "A2,10,8", "N1,6,6"]);
    let head = "机构编码,机构名称,类别,所在区划代码,托位数,普惠性托位数,示范";
    night.list(
        "childcare",
        &[head, "N1,小苗托育,托育机构,371102001001,60,40,是", "N2,新芽托育点,社区托育点,371102001002,20,20,否"],
    );
    let head = "机构编码,机构名称,类别,所在区划代码,开设托班,托位数,普惠性托位数";
    night.list("kindergartens", &[head, "K1,一幼,幼儿园,371102001001,是,20,0", "K2,二幼,幼儿园,371121103201,否,0,0"]);
    night.list(
        "parenting_guidance",
        &["区划代码,有适龄婴幼儿家庭数,接受指导家庭数", "371102,400,300", "371121,100,100"],
    );

    let found = night.run("elder-child-2025");
    assert_eq!(found.indicator("I-YX1"), (150.0, -1.0, "overdue".to_owned()));
    assert_eq!(found.indicator("I-YX2"), (90.0, 150.0, "overdue".to_owned()));
    assert_eq!(found.indicator("I-YX5"), (60.0, 100.0, "met".to_owned()));
    assert_eq!(found.indicator("I-YX6"), (1.0, 2.0, "met".to_owned()));
    assert_eq!((found.indicator("I-YX7").0, found.indicator("I-YX7").1), (400.0, 500.0));
    assert_eq!((found.indicator("I-YX16").0, found.indicator("I-YX16").1), (34.0, 36.0));
    assert_eq!(found.indicator("I-YX18").0, 1.0);
    near(found.met("oldest_old"), night.count(80, |_| true));
    let special = |p: &Person| p["special_family"] != "none" && !p["special_family"].is_empty();
    near(found.met("special_family"), night.count(60, special));
    near(found.met("health_management"), night.count(65, |_| true));
}
