//! The page's view of one person, and snapshots as such.

use policy::value::Value;
use registry::snapshot::{FactLine, Moment, Subject, facts_of};

use crate::desk::{COMMUNITY, Desk, ELSEWHERE, VILLAGE, day, desks, number, pack, person, village};

fn lines(desk: &Desk<'_>, n: u16, as_of: &str) -> Vec<FactLine> {
    let (pack, catalogue) = pack();
    let subject = Subject::Person(desk.id(n));
    facts_of(&mut desk.session(), &desk.keys, (catalogue, pack), subject, &Moment::on(day(as_of))).unwrap()
}

#[test]
fn every_word_about_a_person_names_its_list_and_row() {
    desks(|desk| {
        desk.population("2026-10-01", &village(2));
        let mut rows = village(2);
        rows[1] = person(2, "甲2", COMMUNITY);
        desk.population("2026-11-01", &rows);
        let row = format!("{},甲乙,肢体残疾,二级,已婚", number(2));
        desk.accept("disability_2026-11-02.csv", "公民身份号码,姓名,残疾类别,残疾等级,婚姻状况", &[row]);
        let lines = lines(desk, 2, "2026-11-10");
        let about = |key: &str| lines.iter().filter(|l| l.key == key).collect::<Vec<_>>();
        let home = about("residence_division");
        assert_eq!(home.len(), 2);
        assert_eq!((&home[0].value, home[0].current, home[0].row), (&Value::text(COMMUNITY), true, 3));
        assert_eq!((home[0].list_date, home[0].valid_until), (day("2026-11-01"), None));
        assert_eq!((&home[1].value, home[1].current, home[1].in_force), (&Value::text(VILLAGE), false, false));
        assert_eq!(home[1].valid_until, Some(day("2026-11-01")));
        let marital = about("marital_status");
        let told: Vec<_> =
            marital.iter().filter(|l| l.in_force).map(|l| (l.source.as_str(), l.current, l.disputed)).collect();
        assert_eq!(told, [("population", true, true), ("disability", false, true)]);
        let name = about("name");
        assert_eq!((name[0].source.as_str(), &name[0].value), ("disability", &Value::text("甲乙")));
        let absent = about("low_income_allowance");
        assert!(absent.is_empty(), "that list was not heard");
    });
}

#[test]
fn absence_is_a_word_with_a_list_too() {
    desks(|desk| {
        desk.population("2026-10-01", &village(2));
        desk.accept("low_income_2026-10-02.csv", "公民身份号码,姓名", &[format!("{},甲1", number(1))]);
        let lines = lines(desk, 2, "2026-10-03");
        let line = lines.iter().find(|l| l.key == "low_income_allowance").unwrap();
        assert_eq!((&line.value, line.absent, line.current, line.row), (&Value::Bool(false), true, true, 0));
        assert_eq!(line.list_date, day("2026-10-02"));
    });
}

#[test]
fn silence_is_told_by_the_newest_list_that_speaks_for_the_person_s_home() {
    desks(|desk| {
        let mut rows = village(2);
        rows.push(person(3, "丙", ELSEWHERE));
        desk.population("2026-09-01", &rows);
        let one = [format!("{},甲1", number(1))];
        let lists = ["2026-10-01", "2026-10-05_653001", "2026-10-08_653022", "2026-10-20_653001"];
        for name in lists {
            let rows: &[String] = if name.ends_with("653022") { &[] } else { &one };
            desk.accept(&format!("low_income_{name}.csv"), "公民身份号码,姓名", rows);
        }
        let known = |list_date: &str| {
            let lists = registry::ingest::all(&mut desk.session()).unwrap();
            lists.into_iter().find(|l| l.list_date.to_string() == list_date).and_then(|l| l.list)
        };
        let told = |n: u16, moment: &Moment| {
            let (pack, catalogue) = pack();
            let subject = Subject::Person(desk.id(n));
            let lines = facts_of(&mut desk.session(), &desk.keys, (catalogue, pack), subject, moment).unwrap();
            let line = lines.into_iter().find(|l| l.key == "low_income_allowance");
            line.map(|l| (l.absent, l.list_date.to_string()))
        };
        let on = |as_of: &str| Moment::on(day(as_of));
        let absent = |list: &str| Some((true, list.to_owned()));
        assert_eq!(told(2, &on("2026-09-30")), None, "nobody had spoken");
        assert_eq!(told(2, &on("2026-10-04")), absent("2026-10-01"), "the list of the whole region");
        assert_eq!(told(2, &on("2026-10-10")), absent("2026-10-05"), "the county's own, not another's");
        assert_eq!(told(2, &on("2026-11-01")), absent("2026-10-20"));
        assert_eq!(told(3, &on("2026-11-01")), absent("2026-10-08"));
        let night = Moment { last_list: known("2026-10-08"), ..on("2026-11-01") };
        assert_eq!(told(2, &night), absent("2026-10-05"), "what the night did not know");
        let earlier = Moment { known_at: Some(day("2026-10-04")), ..on("2026-11-01") };
        assert_eq!(told(2, &earlier), absent("2026-10-01"), "what was known that day");
    });
}

#[test]
fn the_page_and_the_snapshot_agree() {
    desks(|desk| {
        desk.population("2026-10-01", &village(3));
        let row = format!("{},甲1,独居,丧偶,2,0", number(1));
        desk.accept(
            "village_survey_2026-10-02.csv",
            "公民身份号码,姓名,居住情况,婚姻状况,子女数,同村（社区）子女数",
            &[row],
        );
        desk.accept("low_income_2026-10-02.csv", "公民身份号码,姓名", &[format!("{},甲1", number(1))]);
        let snapshot = desk.snapshot("2026-10-03");
        let table = snapshot.population.table("person").unwrap();
        for n in 1..=3 {
            let row = table.row_of(desk.id(n).0).unwrap();
            for line in lines(desk, n, "2026-10-03").iter().filter(|l| l.current) {
                if table.column(&line.key).is_some() {
                    assert_eq!(table.get(row, &line.key), line.value, "{n} {}", line.key);
                }
            }
        }
    });
}

#[test]
fn an_empty_registry_has_an_empty_population() {
    desks(|desk| {
        let snapshot = desk.snapshot("2026-10-03");
        assert_eq!(snapshot.population.table("person").unwrap().rows(), 0);
        assert!(snapshot.population.table("division").unwrap().rows() > 300);
        assert!(snapshot.conflicts.is_empty());
    });
}
