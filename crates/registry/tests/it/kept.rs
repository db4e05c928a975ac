//! A slip in a full list's ID number: whose fact stays, for how long, and when nobody can tell.

use std::collections::BTreeMap;

use registry::ingest::{IngestOptions, ListReport};
use registry::quarantine::Correction;

use crate::desk::{Desk, VILLAGE, day, desks, number, person, village};

const LOW_INCOME: &str = "公民身份号码,姓名,享受起始日期";

fn row(id: &str, name: &str) -> String {
    format!("{id},{name},")
}

/// The number with its last digit but one changed: the checksum tells.
fn slipped(n: u16) -> String {
    let number = number(n);
    let digit = if number.as_bytes()[16] == b'0' { '1' } else { '0' };
    format!("{}{digit}{}", &number[..16], &number[17..])
}

fn receives(desk: &Desk<'_>, n: u16, on: &str) -> Option<bool> {
    desk.fact(n, "low_income_allowance", on).and_then(|value| value.as_bool())
}

/// Thirty people with the allowance in October; in November the second row is what `row` says.
fn november(desk: &Desk<'_>, second: String) -> ListReport {
    desk.population("2026-10-01", &village(30));
    let mut rows: Vec<String> = (1..=30).map(|n| row(&number(n), &format!("甲{n}"))).collect();
    desk.accept("low_income_2026-10-02.csv", LOW_INCOME, &rows);
    rows[1] = second;
    desk.accept("low_income_2026-11-02.csv", LOW_INCOME, &rows)
}

#[test]
fn a_mistyped_number_leaves_the_fact_open_until_the_row_is_corrected() {
    desks(|desk| {
        let report = november(desk, row(&slipped(2), "甲2"));
        assert_eq!((report.unlinked, report.kept, report.closed), (1, 1, 0));
        assert_eq!(receives(desk, 2, "2026-11-03"), Some(true));
        let list = report.list.unwrap();
        assert_eq!(registry::ingest::get(&mut desk.session(), list).unwrap().kept, 1);

        let correct = |id: &str| {
            let cells = BTreeMap::from([("公民身份号码".to_owned(), id.to_owned())]);
            let options = IngestOptions::on(day("2026-11-04"));
            desk.ingester().correct(list, vec![Correction { row: 3, cells }], &options).unwrap()
        };
        assert_eq!(correct(&number(2)).taken, 1);
        assert_eq!(receives(desk, 2, "2026-11-05"), Some(true), "the row confirms it");
    });
}

#[test]
fn a_row_that_turns_out_to_be_about_someone_else_ends_what_it_kept() {
    desks(|desk| {
        let mut people = village(30);
        people.push(person(31, "甲2", VILLAGE));
        let report = november(desk, row(&slipped(2), "甲2"));
        desk.population("2026-11-03", &people);
        let cells = BTreeMap::from([("公民身份号码".to_owned(), number(31))]);
        let options = IngestOptions::on(day("2026-11-04"));
        desk.ingester().correct(report.list.unwrap(), vec![Correction { row: 3, cells }], &options).unwrap();
        assert_eq!((receives(desk, 2, "2026-11-05"), receives(desk, 31, "2026-11-05")), (Some(false), Some(true)));
    });
}

#[test]
fn a_number_far_off_needs_name_and_birth_date() {
    desks(|desk| {
        // Sex, order and check digit of another person, born on the same day.
        let far = format!("{}9999", &number(2)[..14]);
        let report = november(desk, row(&far, "甲2"));
        assert_eq!((report.kept, report.closed), (1, 0));
    });
    desks(|desk| {
        let report = november(desk, row("无", "甲2"));
        assert_eq!((report.kept, report.closed), (0, 1), "a name alone points to nobody");
        assert_eq!(receives(desk, 2, "2026-11-03"), Some(false));
    });
    desks(|desk| {
        let report = november(desk, row(&slipped(2), "乙"));
        assert_eq!((report.kept, report.closed), (0, 1), "another name is another person");
    });
}

#[test]
fn where_two_may_be_meant_nobody_is() {
    desks(|desk| {
        // Two of one name, born on one day; neither is named any more, one row is unreadable.
        let mut people = village(40);
        let twin = |n: u16, order: u16| {
            let id = kernel::IdNumber::compose("653001", day("1944-03-12"), order).unwrap().reveal().to_owned();
            (id.clone(), format!("{id},古丽,女,1944-03-12,维吾尔族,丧偶,{VILLAGE},{VILLAGE},巷 {n},H{n},"))
        };
        let twins = [twin(41, 902), twin(42, 904)];
        people.extend(twins.iter().map(|(_, row)| row.clone()));
        desk.population("2026-10-01", &people);
        let mut rows: Vec<String> = (1..=40).map(|n| row(&number(n), &format!("甲{n}"))).collect();
        let others = rows.len();
        rows.extend(twins.iter().map(|(id, _)| row(id, "古丽")));
        desk.accept("low_income_2026-10-02.csv", LOW_INCOME, &rows);
        rows.truncate(others);
        rows.push(row("653001194403129999", "古丽"));
        let report = desk.accept("low_income_2026-11-02.csv", LOW_INCOME, &rows);
        assert_eq!((report.kept, report.closed), (0, 2));
    });
}
