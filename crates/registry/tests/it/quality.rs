//! How good lists are: counted when they are taken, told by month.

use kernel::DivisionCode;
use registry::ingest::ListReport;
use registry::part;
use registry::quality::{self, Account, Share, SourceMonth};
use registry::quarantine::of_list_within;
use registry::rows::FaultCode;

use crate::desk::{COMMUNITY, Desk, ELSEWHERE, VILLAGE, birth, day, desks, number, pack, person, village};

fn months(desk: &Desk<'_>, as_of: &str, back: u32) -> Vec<SourceMonth> {
    quality::months(&mut desk.session(), &pack().1, day(as_of), back, None).expect("the database works")
}

fn of<'m>(months: &'m [SourceMonth], source: &str, month: &str) -> &'m SourceMonth {
    months.iter().find(|m| m.source == source && m.month == day(month)).expect("the month is there")
}

#[test]
fn a_month_tells_completeness_validity_and_false_numbers() {
    desks(|desk| {
        let mut rows = village(8);
        // No phone; a digit of the number wrong; no number; a birth date that is not the number's.
        rows.push(person(20, "乙", VILLAGE).replace("13999000020", ""));
        rows.push(person(21, "丙", VILLAGE).replace(&number(21), &wrong_digit(&number(21))));
        rows.push(person(22, "丁", VILLAGE).replace(&number(22), ""));
        rows.push(person(23, "戊", VILLAGE).replace(&birth(23), "1950-01-01"));
        desk.population("2026-10-05", &rows);
        let months = months(desk, "2026-10-20", 2);
        let month = of(&months, "population", "2026-10-01");
        assert_eq!((month.rows, month.lists.len()), (12, 1));
        assert_eq!(month.valid, Share { part: 11, whole: 12 }, "one row is faulty, two wait for their number");
        assert_eq!(month.unlinked, Share { part: 2, whole: 12 });
        assert_eq!(month.false_ids, Share { part: 1, whole: 11 }, "a missing number is not a false one");
        let phone = month.columns.iter().find(|c| c.name == "联系电话").expect("a column");
        assert_eq!(phone.filled, Some(Share { part: 11, whole: 12 }));
        let id = month.columns.iter().find(|c| c.name == "公民身份号码").expect("a column");
        assert_eq!(id.faults, [(FaultCode::IdNumberMissing, 1), (FaultCode::IdNumberChecksum, 1)]);
        assert_eq!(month.complete, Share { part: 12 * 11 - 2, whole: 12 * 11 });
    });
}

#[test]
fn late_days_count_from_the_first_list_on() {
    desks(|desk| {
        let limit = u64::try_from(pack().1.get("population").expect("a source").stale_after_days).expect("a limit");
        desk.population("2026-08-31", &village(2));
        let months = months(desk, "2026-11-20", 3);
        let late: Vec<_> = months.iter().filter(|m| m.source == "population").map(|m| m.late_days).collect();
        let total: u64 = late.iter().flatten().map(|share| share.part).sum();
        assert_eq!(late.iter().flatten().map(|share| share.whole).sum::<u64>(), 1 + 30 + 31 + 20);
        assert_eq!(total, 81 - limit, "{late:?}");
    });
}

#[test]
fn a_night_s_disagreements_are_kept_once() {
    desks(|desk| {
        desk.population("2026-10-05", &village(4));
        desk.accept("low_income_2026-10-06.csv", "公民身份号码,姓名", &[format!("{},另名", number(1))]);
        let night = day("2026-10-20");
        let account = Account::of(&desk.snapshot("2026-10-20"));
        for _ in 0..2 {
            desk.session().transaction(|tx| quality::record(tx, night, &account)).expect("the database works");
        }
        let months = months(desk, "2026-10-20", 0);
        let month = of(&months, "low_income", "2026-10-01");
        assert_eq!(month.disputed, Some(Share { part: 1, whole: 1 }));
        let said: Vec<_> = month.disagreements.iter().map(|d| (d.fact.as_str(), d.people, d.overruled)).collect();
        assert_eq!(said, [("name", 1, 1)]);
        assert_eq!(of(&months, "population", "2026-10-01").disputed, Some(Share { part: 0, whole: 4 }));
    });
}

#[test]
fn a_list_that_is_not_taken_counts_nowhere() {
    desks(|desk| {
        desk.population("2026-10-05", &village(20));
        let mut rows = village(2);
        rows.push(person(40, "乙", COMMUNITY));
        desk.take(&desk.list("population_2026-10-12.csv", crate::desk::POPULATION, &rows));
        let months = months(desk, "2026-10-20", 0);
        assert_eq!(of(&months, "population", "2026-10-01").rows, 20);
    });
}

/// The number with its first digit of the order code changed: the check character no longer fits.
fn wrong_digit(number: &str) -> String {
    let digit = if number.as_bytes()[14] == b'1' { '2' } else { '1' };
    format!("{}{digit}{}", &number[..14], &number[15..])
}

#[test]
fn whoever_answers_for_one_county_sees_its_rows_only() {
    desks(|desk| {
        let mut rows = village(3);
        rows.push(person(20, "乙", ELSEWHERE).replace("13999000020", ""));
        rows.push(person(21, "丙", ELSEWHERE).replace(&number(21), ""));
        rows.push(person(22, "丁", VILLAGE).replace(&number(22), ""));
        let population = desk.population("2026-10-05", &rows).list.expect("a list");
        // A list that does not say where people live: each counts where the population has them.
        desk.accept(
            "low_income_2026-10-06.csv",
            "公民身份号码,姓名",
            &[format!("{},另名", number(1)), format!("{},乙", number(20))],
        );
        let night = day("2026-10-20");
        let account = Account::of(&desk.snapshot("2026-10-20"));
        desk.session().transaction(|tx| quality::record(tx, night, &account)).expect("the database works");

        let county = |code: &str| vec![code.parse::<DivisionCode>().expect("a code")];
        for (code, rows_of, valid, unlinked, disputed) in [
            ("653001", 4, 4, 1, Some(Share { part: 1, whole: 1 })),
            ("653022", 2, 2, 1, Some(Share { part: 0, whole: 1 })),
        ] {
            let within = county(code);
            let months = quality::months(&mut desk.session(), &pack().1, night, 0, Some(&within)).unwrap();
            let month = of(&months, "population", "2026-10-01");
            assert_eq!((month.rows, month.valid.part, month.unlinked.part), (rows_of, valid, unlinked), "{code}");
            let phone = month.columns.iter().find(|c| c.name == "联系电话").expect("a column").filled;
            assert_eq!(phone.map(|share| share.whole - share.part), Some(u64::from(code == "653022")), "{code}");
            assert_eq!(of(&months, "low_income", "2026-10-01").rows, 1, "{code}");
            assert_eq!(of(&months, "low_income", "2026-10-01").disputed, disputed, "{code}");
            let lists = part::cut(&mut desk.session(), registry::ingest::all(&mut desk.session()).unwrap(), &within);
            let list = lists.unwrap().into_iter().find(|list| list.list == Some(population)).unwrap();
            assert_eq!((list.rows, list.opened, list.unlinked), (rows_of, rows_of - 1, 1), "{code}");
            let held = of_list_within(&mut desk.session(), &desk.keys, population, &within).unwrap();
            assert_eq!(held.iter().map(|line| line.row).collect::<Vec<_>>().len(), 1, "{code}");
        }
        let whole = quality::months(&mut desk.session(), &pack().1, night, 0, None).unwrap();
        assert_eq!(of(&whole, "population", "2026-10-01").rows, 6);
        let scoped = ListReport { scope: Some("653024".parse().unwrap()), ..desk.population("2026-10-06", &rows) };
        assert!(!part::concerns(&scoped, &county("653001")) && part::concerns(&scoped, &county("653024100")));
    });
}
