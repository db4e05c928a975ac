//! Taking lists: what opens, changes, ends, waits.

use registry::ingest::{ListState, Settling};
use registry::rows::FaultCode;

use crate::desk::{COMMUNITY, ELSEWHERE, POPULATION, VILLAGE, day, desk, desks, number, person, village};

const LOW_INCOME: &str = "公民身份号码,姓名,享受起始日期";

fn low_income(n: u16) -> String {
    format!("{},甲{n},2021-04-01", number(n))
}

#[test]
fn rows_open_change_stay_and_end() {
    desks(|desk| {
        let first = desk.population("2026-10-01", &village(40));
        assert_eq!((first.rows, first.good, first.opened), (40, 40, 40));
        let mut rows = village(39);
        rows[0] = person(1, "甲1", COMMUNITY);
        let second = desk.population("2026-11-01", &rows);
        assert_eq!((second.opened, second.changed, second.unchanged, second.closed), (0, 1, 38, 1));
        assert_eq!(second.in_scope, 40);
    });
}

#[test]
fn people_are_numbered_in_list_and_row_order() {
    desks(|desk| {
        desk.population("2026-10-01", &village(3));
        assert_eq!([1, 2, 3].map(|n| desk.id(n).0), [1, 2, 3]);
        let mut rows = village(3);
        rows.insert(0, person(9, "乙", VILLAGE));
        desk.population("2026-10-02", &rows);
        assert_eq!([1, 9].map(|n| desk.id(n).0), [1, 4]);
    });
}

#[test]
fn the_same_file_twice_changes_nothing() {
    desks(|desk| {
        let path = desk.list("population_2026-10-01.csv", POPULATION, &village(5));
        assert_eq!(desk.take(&path).state, ListState::Accepted);
        let again = desk.take(&path);
        assert_eq!(again.state, ListState::Known);
        assert_eq!((again.good, again.opened), (5, 5), "the account of the first time");
        let lists = registry::ingest::all(&mut desk.session()).unwrap();
        assert_eq!(lists.len(), 1);
    });
}

#[test]
fn a_dry_run_tells_and_writes_nothing() {
    desks(|desk| {
        let path = desk.list("population_2026-10-01.csv", POPULATION, &village(5));
        let options = registry::ingest::IngestOptions { dry_run: true, ..desk.options(&path) };
        let report = desk.ingester().file(&path, &options).unwrap();
        assert_eq!((report.state, report.opened, report.list), (ListState::Dry, 5, None));
        assert!(registry::ingest::all(&mut desk.session()).unwrap().is_empty());
        assert_eq!(desk.population("2026-10-01", &village(5)).opened, 5);
    });
}

#[test]
fn a_list_that_would_close_too_much_asks_first() {
    desks(|desk| {
        desk.population("2026-10-01", &village(20));
        let path = desk.list("population_2026-11-01.csv", POPULATION, &village(10));
        let held = desk.take(&path);
        assert_eq!(held.state, ListState::Held);
        let closing = held.closing.clone().unwrap();
        assert_eq!((closing.would_close, closing.in_scope, closing.percent), (10, 20, 50.0));
        assert_eq!(closing.divisions.len(), 1);
        assert_eq!(desk.snapshot("2026-11-02").population.table("person").unwrap().rows(), 20, "nothing changed");
        assert_eq!(desk.take(&path).list, held.list, "it is asked once");
        let options = registry::ingest::IngestOptions { force_close: true, ..desk.options(&path) };
        let forced = desk.ingester().file(&path, &options).unwrap();
        assert_eq!((forced.state, forced.closed), (ListState::Accepted, 10));
        let states: Vec<_> = registry::ingest::all(&mut desk.session()).unwrap().iter().map(|l| l.state).collect();
        assert_eq!(states, [ListState::Accepted, ListState::Superseded, ListState::Accepted]);
    });
}

#[test]
fn a_held_list_is_sent_back_or_let_in_by_a_person_and_the_trail_says_by_whom() {
    desks(|desk| {
        desk.population("2026-10-01", &village(4));
        let path = desk.list("population_2026-11-01.csv", POPULATION, &village(1));
        let held = desk.take(&path).list.unwrap();
        let at = day("2026-11-02").and_hms_opt(9, 0, 0).unwrap().and_utc();
        let settle = |settling| {
            let done = registry::ingest::settle(&mut desk.session(), &desk.keys, held, settling, ("u7", at));
            done.map(|report| report.state)
        };
        assert_eq!(settle(Settling::Reject).unwrap(), ListState::Rejected);
        assert_eq!(desk.take(&path).state, ListState::Rejected);
        assert!(settle(Settling::Reject).is_err(), "decided already");
        assert_eq!(settle(Settling::Release).unwrap(), ListState::Released, "it was right after all");
        let mut other = village(1);
        other.push(person(2, "甲2", COMMUNITY));
        let changed = desk.list("population_2026-11-02.csv", POPULATION, &other);
        assert_eq!(desk.take(&changed).state, ListState::Held, "another list is judged by itself");
        let taken = desk.take(&path);
        assert_eq!((taken.state, taken.closed), (ListState::Accepted, 3));
        assert_eq!(registry::ingest::get(&mut desk.session(), held).unwrap().state, ListState::Superseded);
        assert!(settle(Settling::Reject).is_err(), "it is in");
        let wanted =
            store::audit::Wanted { actor: "u7".into(), subject: held.to_string(), limit: 9, ..Default::default() };
        let trail = store::audit::page(&mut desk.session(), &wanted).unwrap();
        let actions: Vec<_> = trail.iter().map(|line| line.action.as_str()).collect();
        assert_eq!(actions, ["list.release", "list.reject"]);
    });
}

#[test]
fn a_list_of_one_county_closes_nothing_elsewhere() {
    desks(|desk| {
        let mut rows = village(30);
        rows.push(person(200, "丙", ELSEWHERE));
        desk.population("2026-10-01", &rows);
        let report = desk.accept("population_2026-11-01_653001.csv", POPULATION, &village(29));
        assert_eq!((report.in_scope, report.closed), (30, 1));
        assert!(desk.fact(200, "sex", "2026-11-02").is_some());
        assert!(desk.fact(30, "sex", "2026-11-02").is_none());
    });
}

#[test]
fn a_corrected_file_of_the_same_date_takes_its_place() {
    desks(|desk| {
        desk.population("2026-10-01", &village(20));
        let mut rows = village(20);
        rows[4] = person(5, "甲5", COMMUNITY);
        let report = desk.population("2026-10-01", &rows);
        assert_eq!((report.changed, report.closed), (1, 0));
        assert_eq!(desk.fact(5, "residence_division", "2026-10-01").unwrap().as_text(), Some(COMMUNITY));
    });
}

#[test]
fn an_older_list_that_comes_late_speaks_for_its_own_time_only() {
    desks(|desk| {
        desk.population("2026-11-01", &village(3));
        let mut rows = village(4);
        rows[0] = person(1, "甲1", COMMUNITY);
        let late = desk.population("2026-10-01", &rows);
        assert_eq!(late.closed, 0);
        let home = |n, on| desk.fact(n, "residence_division", on).and_then(|v| v.as_text().map(str::to_owned));
        assert_eq!(home(1, "2026-10-15").as_deref(), Some(COMMUNITY));
        assert_eq!(home(1, "2026-11-15").as_deref(), Some(VILLAGE));
        assert_eq!(home(4, "2026-10-15").as_deref(), Some(VILLAGE));
        assert_eq!(home(4, "2026-11-15"), None, "the newer list does not name the fourth");
    });
}

#[test]
fn rows_of_unknown_people_wait_and_are_linked_when_the_person_comes() {
    desks(|desk| {
        desk.population("2026-10-01", &village(3));
        let rows: Vec<String> = [1, 2, 7].map(low_income).into();
        let report = desk.accept("low_income_2026-10-02.csv", LOW_INCOME, &rows);
        assert_eq!((report.good, report.unlinked, report.faulty), (2, 1, 0));
        assert_eq!(report.fault_codes.get(&FaultCode::IdNumberUnknown), Some(&1));
        let mut rows = village(3);
        rows.push(person(7, "甲7", VILLAGE));
        desk.population("2026-10-03", &rows);
        assert_eq!(desk.fact(7, "low_income_allowance", "2026-10-04").unwrap().as_bool(), Some(true));
        let list = registry::ingest::get(&mut desk.session(), report.list.unwrap()).unwrap();
        assert_eq!((list.good, list.unlinked), (3, 0));
    });
}

#[test]
fn rows_with_a_wrong_number_wait_and_are_counted() {
    desks(|desk| {
        desk.population("2026-10-01", &village(3));
        let wrong = number(2).replace("653001", "653002");
        let rows = vec![
            low_income(1),
            format!("{wrong},甲2,2021-04-01"),
            ",甲3,2021-04-01".to_owned(),
            "6.53001E+17,甲3,2021-04-01".to_owned(),
        ];
        let report = desk.accept("low_income_2026-10-02.csv", LOW_INCOME, &rows);
        assert_eq!((report.good, report.unlinked), (1, 3));
        let codes: Vec<&str> = report.faults.iter().map(|f| f.code.name()).collect();
        assert_eq!(codes, ["id_number_checksum", "id_number_missing", "id_number_rounded"]);
    });
}

#[test]
fn an_old_number_of_fifteen_digits_finds_its_person() {
    desk(|desk| {
        desk.population("2026-10-01", &village(1));
        let n = number(1);
        let old = format!("{}{}", &n[..6], &n[8..17]);
        let report = desk.accept("low_income_2026-10-02.csv", LOW_INCOME, &[format!("{old},甲1,")]);
        assert_eq!(report.good, 1);
    });
}

#[test]
fn a_row_that_stands_twice_counts_once() {
    desk(|desk| {
        desk.population("2026-10-01", &village(3));
        let rows = vec![low_income(1), low_income(1), format!("{},甲1,2022-05-01", number(1))];
        let report = desk.accept("low_income_2026-10-02.csv", LOW_INCOME, &rows);
        assert_eq!((report.good, report.repeated, report.faulty), (1, 1, 1));
        assert_eq!(report.faults[0].code, FaultCode::RowTwice);
    });
}

#[test]
fn a_faulty_row_closes_nothing() {
    desks(|desk| {
        desk.population("2026-10-01", &village(20));
        let mut rows = village(20);
        rows[2] = rows[2].replace("柯尔克孜族", "火星族");
        let report = desk.population("2026-11-01", &rows);
        assert_eq!((report.faulty, report.closed, report.unchanged), (1, 0, 19));
        assert!(desk.fact(3, "sex", "2026-11-02").is_some(), "what was known stays");
    });
}

#[test]
fn a_birth_date_against_the_number_is_a_fault() {
    desk(|desk| {
        let mut rows = village(2);
        rows[1] = rows[1].replace(&crate::desk::birth(2), "1950-01-01");
        let report = desk.population("2026-10-01", &rows);
        assert_eq!(report.fault_codes.get(&FaultCode::BirthDateDiffers), Some(&1));
        assert_eq!(report.faults[0].row, 3);
    });
}

#[test]
fn every_fault_of_a_row_is_told_at_once() {
    desk(|desk| {
        let row = format!("{},,男,1944-13-01,火星族,丧偶,{VILLAGE},653001100999,,H1,", number(1));
        let report = desk.population("2026-10-01", &[row]);
        let told: Vec<(&str, &str)> = report.faults.iter().map(|f| (f.column.as_str(), f.code.name())).collect();
        assert_eq!(
            told,
            [
                ("姓名", "required_empty"),
                ("出生日期", "date_no_such_day"),
                ("民族", "unknown_code"),
                ("居住地区划代码", "unknown_division"),
            ]
        );
        assert_eq!(report.faulty, 1);
    });
}

#[test]
fn lists_are_taken_in_the_order_of_their_sources() {
    desk(|desk| {
        let names = [
            "visit_returns_2026-11-01.csv",
            "low_income_2026-11-01.csv",
            "population_2026-11-01.csv",
            "population_2026-10-01.csv",
            "x.csv",
        ];
        let sorted = desk.ingester().in_order(&names);
        let sorted: Vec<&str> = sorted.iter().filter_map(|p| p.to_str()).collect();
        assert_eq!(
            sorted,
            [
                "population_2026-10-01.csv",
                "population_2026-11-01.csv",
                "low_income_2026-11-01.csv",
                "visit_returns_2026-11-01.csv",
                "x.csv"
            ]
        );
    });
}
