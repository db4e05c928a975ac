//! Rows that come again are recognised; what follows from them is what would follow if they were read.

use std::cell::OnceCell;

use registry::ingest::{IngestOptions, ListReport, ListState};
use registry::quarantine::Correction;

use crate::desk::{COMMUNITY, Desk, ELSEWHERE, POPULATION, VILLAGE, birth, day, desk, desks, number, person, village};
use crate::linking::{SURVEY, link, mistyped};

/// Everything a list leaves behind but what rows are recognised by.
const LEFT: [&str; 12] = [
    "SELECT id, list, row_no FROM person ORDER BY id",
    "SELECT id, person, until_list FROM person_past ORDER BY id",
    "SELECT id, layout, subject, sub_key, payload, valid_from, valid_until, list, row_no, closed_on, closed_by, \
     sealed IS NULL FROM statement ORDER BY id",
    "SELECT id, list, row_no, state, subject, codes, division FROM held_row ORDER BY id",
    "SELECT id, source, state, row_count, good, faulty, unlinked, repeated, opened, changed, unchanged, closed, in_scope, \
     closing, fault_codes FROM list ORDER BY id",
    "SELECT * FROM list_part ORDER BY list, division",
    "SELECT * FROM list_column ORDER BY list, position",
    "SELECT * FROM list_fault ORDER BY list, name, code",
    "SELECT id, kind, person, other, state, probability FROM link_candidate ORDER BY id",
    "SELECT id, candidate, person, linked_on FROM row_link ORDER BY id",
    "SELECT * FROM row_link_row ORDER BY held_row",
    "SELECT kept, gone, reason FROM person_merge ORDER BY gone",
];

/// The same choices in every run.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    pub fn one_in(&mut self, sides: u64) -> bool {
        self.below(sides) == 0
    }
}

fn left(desk: &Desk<'_>) -> Vec<String> {
    let mut session = desk.session();
    let mut lines = Vec::new();
    for sql in LEFT {
        for row in session.query(sql, &[]).unwrap() {
            let cells: Vec<String> = (0..row.len()).map(|at| format!("{:?}", row.value(at).unwrap())).collect();
            lines.push(format!("{sql}: {}", cells.join(" ")));
        }
    }
    lines
}

fn survey(n: u16, name: &str, alone: &str) -> String {
    format!("{},{alone},{name},{VILLAGE},", number(n))
}

/// What befell a list since it came last.
fn change(rows: &mut Vec<String>, dice: &mut Dice, night: u64, row: impl Fn(u16, &str, &mut Dice) -> String) {
    let mut at = 0;
    while at < rows.len() {
        let n = u16::try_from(dice.below(40)).unwrap() + 1;
        match dice.below(60) {
            0 => drop(rows.remove(at)),
            1 => rows[at] = row(n, &format!("改{night}"), dice),
            2 => rows.insert(at, rows[at].clone()),
            3 => rows.insert(at, row(n, &format!("甲{n}"), dice)),
            4 => rows[at] = rows[at].replacen(&number(n), &mistyped(n), 1),
            5 => rows[at] = format!("{},多余", rows[at]),
            6 => rows[at] = format!(" {} ", rows[at]),
            7 => {
                let other = dice.below(rows.len() as u64) as usize;
                rows.swap(at, other);
            }
            _ => {}
        }
        at += 1;
    }
}

/// The rows as two counties send them: mostly those of people who live there, some of the other's, some sent by both.
fn by_county(rows: &[String], dice: &mut Dice) -> [(&'static str, Vec<String>); 2] {
    let mut lists = [("653001", Vec::new()), ("653022", Vec::new())];
    for row in rows {
        let home = usize::from(row.contains(ELSEWHERE));
        match dice.below(30) {
            0 => lists[1 - home].1.push(row.clone()),
            1 => lists.iter_mut().for_each(|(_, rows)| rows.push(row.clone())),
            _ => lists[home].1.push(row.clone()),
        }
    }
    lists
}

/// Nights of three sources, among them corrected rows, linked rows, lists of other scopes and lists that come late; with
/// `counties` most lists are sent by two of them.
fn nights(desk: &Desk<'_>, (seed, counties): (u64, bool), before_each: impl Fn(&Desk<'_>)) -> (Vec<String>, u64) {
    let mut dice = Dice(seed);
    let (mut people, mut alone) = (village(40), Vec::new());
    alone.extend((1..=40).map(|n| survey(n, &format!("甲{n}"), "独居")));
    let (mut reports, mut unchanged) = (Vec::new(), 0);
    let mut take = |name: &str, header: &str, rows: &[String]| -> ListReport {
        before_each(desk);
        let path = desk.list(name, header, rows);
        let options = IngestOptions { force_close: true, ..desk.options(&path) };
        let report = desk.ingester().file(&path, &options).unwrap();
        unchanged += report.unchanged;
        reports.push(format!("{report:?}"));
        report
    };
    for night in 1..6_u64 {
        change(&mut people, &mut dice, night, |n, name, dice| {
            person(n, name, [VILLAGE, COMMUNITY, ELSEWHERE][dice.below(3) as usize])
        });
        change(&mut alone, &mut dice, night, |n, name, dice| survey(n, name, if dice.one_in(2) { "独居" } else { "" }));
        let date = if dice.one_in(8) { 2 } else { night * 3 };
        let (population, survey) =
            (format!("population_2026-10-{date:02}"), format!("village_survey_2026-10-{date:02}"));
        let population = if counties && !dice.one_in(6) {
            let of_counties = by_county(&people, &mut dice);
            for (county, rows) in by_county(&alone, &mut dice) {
                take(&format!("{survey}_{county}.csv"), SURVEY, &rows);
            }
            let taken =
                of_counties.map(|(county, rows)| take(&format!("{population}_{county}.csv"), POPULATION, &rows));
            taken[dice.below(2) as usize].clone()
        } else {
            let scope = if dice.one_in(6) { "_653001" } else { "" };
            let population = take(&format!("{population}{scope}.csv"), POPULATION, &people);
            take(&format!("{survey}.csv"), SURVEY, &alone);
            population
        };
        link(desk, &format!("2026-10-{:02}", night * 3 + 1));
        if let Some(list) = population.list.filter(|_| population.state == ListState::Accepted) {
            let corrections = (2..50).filter(|_| dice.one_in(4)).map(|row| {
                let n = u16::try_from(row % 40 + 1).unwrap();
                let cells = [("公民身份号码", number(n)), ("出生日期", birth(n)), ("姓名", format!("正{n}"))];
                Correction { row, cells: cells.map(|(column, cell)| (column.to_owned(), cell)).into() }
            });
            let corrections: Vec<Correction> = corrections.collect();
            let options = IngestOptions::on(day(&format!("2026-10-{:02}", night * 3 + 2)));
            desk.ingester().correct(list, corrections, &options).unwrap();
        }
    }
    reports.extend(left(desk));
    (reports, unchanged)
}

#[test]
fn a_recognised_row_says_what_it_would_say_if_it_were_read() {
    for counties in [false, true] {
        let mut recognised = 0;
        for seed in 1..16 {
            let (with, without) = (OnceCell::new(), OnceCell::new());
            desk(|desk| drop(with.set(nights(desk, (seed, counties), |_| ()))));
            let forgetting = |desk: &Desk<'_>| {
                desk.session().exec("DELETE FROM imprint_head", &[]).unwrap();
            };
            desk(|desk| drop(without.set(nights(desk, (seed, counties), forgetting))));
            let (with, without) = (with.into_inner().unwrap(), without.into_inner().unwrap());
            for (one, other) in with.0.iter().zip(&without.0) {
                assert_eq!(one, other, "seed {seed}, by county: {counties}");
            }
            assert_eq!(with.0.len(), without.0.len(), "seed {seed}, by county: {counties}");
            recognised += with.1;
        }
        assert!(recognised > 600, "{recognised} rows unchanged: there is too little to recognise");
    }
}

/// What one county's list says is recognised by what the same county sent, whatever others send meanwhile.
#[test]
fn rows_of_every_county_are_recognised() {
    desks(|desk| {
        let home = |n: u16| if n <= 30 { VILLAGE } else { ELSEWHERE };
        let rows: Vec<String> = (1..=60).map(|n| person(n, &format!("甲{n}"), home(n))).collect();
        let send = |date: &str, county: &str, rows: &[String]| {
            desk.accept(&format!("population_{date}_{county}.csv"), POPULATION, rows)
        };
        for date in ["2026-10-01", "2026-10-02"] {
            send(date, "653001", &rows[..30]);
            send(date, "653022", &rows[30..]);
        }
        desk.session().exec("UPDATE statement SET payload = payload || '1'", &[]).unwrap();
        for (county, rows) in [("653001", &rows[..30]), ("653022", &rows[30..])] {
            let report = send("2026-10-03", county, rows);
            assert_eq!((report.unchanged, report.changed, report.closed, report.in_scope), (30, 0, 0, 30), "{county}");
        }
    });
}

#[test]
fn a_recognised_row_is_not_read_and_what_is_lost_is_read_again() {
    desks(|desk| {
        desk.population("2026-10-01", &village(40));
        // What the database holds is another thing than the rows say: whoever reads them sees a change.
        desk.session().exec("UPDATE statement SET payload = payload || '1'", &[]).unwrap();
        let report = desk.population("2026-10-02", &village(41));
        assert_eq!((report.unchanged, report.changed, report.opened, report.in_scope), (40, 0, 1, 40));
        let damages = [
            "UPDATE imprint_head SET reading = ''",
            "DELETE FROM imprint WHERE part = 0",
            "DELETE FROM imprint WHERE part > 0",
            "UPDATE imprint SET sealed = (SELECT identity FROM person WHERE id = 1)",
        ];
        for (damage, date) in damages.iter().zip(3..) {
            desk.session().exec(damage, &[]).unwrap();
            desk.session().exec("UPDATE statement SET payload = payload || '1'", &[]).unwrap();
            let report = desk.population(&format!("2026-10-{date:02}"), &village(41));
            assert_eq!((report.unchanged, report.changed), (0, 41), "{damage}");
        }
    });
}

#[test]
fn what_rows_are_recognised_by_can_be_read_by_the_keys_only() {
    desks(|desk| {
        desk.population("2026-10-01", &village(40));
        let mut session = desk.session();
        let kept = session.query("SELECT part, sealed FROM imprint WHERE source = 'population'", &[]).unwrap();
        assert_eq!(kept.len(), 2);
        for row in &kept {
            let context = format!("imprint population {}", row.int(0).unwrap());
            let opened = desk.keys.open(&context, row.blob(1).unwrap()).unwrap();
            for secret in [number(1), "甲1".to_owned(), birth(1), "13999000001".to_owned()] {
                assert!(!opened.windows(secret.len()).any(|window| window == secret.as_bytes()));
            }
        }
    });
}
