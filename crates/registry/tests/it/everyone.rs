//! What linking keeps of everyone between nights, and the people it finds registered twice.

use std::collections::BTreeSet;

use kernel::IdNumber;
use registry::ingest::IngestOptions;
use registry::linking::{Linked, Other, State, open_pairs};

use crate::desk::{Desk, ELSEWHERE, POPULATION, VILLAGE, day, desks, number, person, village};
use crate::linking::{SURVEY, decide, link, mistyped, people};

/// A row of someone with the birth day of the `n`th person and a number of their own.
fn second(n: u16, sequence: u16, name: &str, home: &str, phone: &str) -> String {
    let own = IdNumber::parse(&number(n)).expect("sound");
    let own_sequence: u16 = number(n)[14..17].parse().expect("digits");
    let sequence = sequence + (sequence + own_sequence) % 2;
    let other = IdNumber::compose("653022", own.birth_date(), sequence).expect("digits");
    let born = own.birth_date();
    format!("{},{name},男,{born},柯尔克孜族,丧偶,{home},{home},巷子 {n} 号,H{n},{phone}", other.reveal())
}

fn count(desk: &Desk<'_>, sql: &str) -> i64 {
    desk.session().query(sql, &[]).unwrap()[0].int(0).unwrap()
}

/// The next step looks at everyone anew.
fn forget(desk: &Desk<'_>) {
    let mut session = desk.session();
    session.exec("DELETE FROM link_index", &[]).unwrap();
    session.exec("DELETE FROM setting WHERE name = 'link.seen'", &[]).unwrap();
}

fn questions(desk: &Desk<'_>) -> Vec<(i64, State)> {
    let open = open_pairs(&mut desk.session()).unwrap();
    open.iter().filter(|open| matches!(open.pair.other, Other::Person(_))).map(|o| (o.pair.id, o.pair.state)).collect()
}

#[test]
fn two_entries_of_one_person_are_asked_about_once_and_nobody_is_merged() {
    desks(|desk| {
        let mut rows = people();
        rows.push(second(1, 700, "阿依古丽·买买提", VILLAGE, "13999000001"));
        desk.population("2026-10-01", &rows);
        let done = link(desk, "2026-10-02");
        assert_eq!(done.same_person, 1);
        let pairs = questions(desk);
        assert_eq!(pairs.len(), 1);
        assert_eq!(count(desk, "SELECT COUNT(*) FROM person_merge"), 0);
        assert_eq!(link(desk, "2026-10-03").same_person, 0);
        forget(desk);
        assert_eq!(link(desk, "2026-10-04").same_person, 0, "looked at anew, but not asked anew");
        assert_eq!(questions(desk), pairs);
    });
}

#[test]
fn people_of_one_name_who_were_born_on_other_days_are_different() {
    desks(|desk| {
        let mut rows = people();
        rows.push(second(7, 700, "阿依古丽·买买提", VILLAGE, "13999000001"));
        desk.population("2026-10-01", &rows);
        assert_eq!(link(desk, "2026-10-02").same_person, 0);
    });
}

#[test]
fn a_decided_pair_is_asked_again_only_on_other_evidence_and_says_what_changed() {
    desks(|desk| {
        // Strangers live in other streets.
        let streets =
            ["解放路", "团结街", "光明巷", "友谊路", "迎宾大道", "幸福里", "文化街", "人民路", "北山坡", "河滩边"];
        let elsewhere = |(n, row): (usize, String)| row.replace("巷子", streets[n % streets.len()]);
        let mut rows: Vec<String> = village(600).into_iter().enumerate().map(elsewhere).collect();
        rows[0] = person(1, "阿依古丽·买买提", VILLAGE);
        let lane = |lane: &str, name: &str| second(1, 700, name, VILLAGE, "13999000001").replace("巷子 1 号", lane);
        rows.push(lane("帕米尔路 88 号院", "阿依古丽·买买提"));
        desk.population("2026-10-01", &rows);
        assert_eq!(link(desk, "2026-10-02").same_person, 1);
        decide(desk, questions(desk)[0].0, State::Different, "2026-10-02").unwrap();
        // They move to a place that says as little.
        *rows.last_mut().unwrap() = lane("天山路 77 号院", "阿依古丽·买买提");
        desk.population("2026-10-10", &rows);
        assert_eq!(link(desk, "2026-10-11").same_person, 0);
        assert!(questions(desk).is_empty());
        // They live under one roof now.
        *rows.last_mut().unwrap() = lane("巷子 1 号", "阿依古丽·买买提");
        desk.population("2026-10-20", &rows);
        assert_eq!(link(desk, "2026-10-21").same_person, 1);
        let open = open_pairs(&mut desk.session()).unwrap();
        let moved: Vec<&str> = open[0].pair.moved.iter().map(|moved| moved.field.as_str()).collect();
        assert_eq!(moved, ["address"]);
        // Nobody need answer what no longer looks like one person.
        *rows.last_mut().unwrap() = lane("巷子 1 号", "欧阳不同");
        desk.population("2026-10-30", &rows);
        assert_eq!(link(desk, "2026-10-31").same_person, 0);
        assert!(questions(desk).is_empty());
    });
}

#[test]
fn entries_that_were_merged_are_not_asked_about() {
    desks(|desk| {
        let mut rows = people();
        rows.push(second(1, 700, "阿依古丽·买买提", VILLAGE, "13999000001"));
        desk.population("2026-10-01", &rows);
        link(desk, "2026-10-02");
        decide(desk, questions(desk)[0].0, State::Same, "2026-10-02").unwrap();
        assert_eq!(count(desk, "SELECT COUNT(*) FROM person_merge"), 1);
        forget(desk);
        assert_eq!(link(desk, "2026-10-03").same_person, 0);
        assert!(questions(desk).is_empty());
    });
}

/// Population lists of three nights: names, homes and telephones change, some leave and others come.
fn changing(night: u16) -> Vec<String> {
    let mut rows = people();
    for (at, row) in rows.iter_mut().enumerate().skip(4) {
        let n = at as u16 + 1;
        if n % 5 == night {
            *row = person(n, &format!("迁{night}{n}"), if n.is_multiple_of(2) { ELSEWHERE } else { VILLAGE });
        }
    }
    rows.retain(|row| night != 2 || !row.contains("甲60,"));
    rows.extend((0..night).map(|more| person(100 + more, &format!("新来{more}"), VILLAGE)));
    rows
}

#[test]
fn what_is_kept_of_everyone_follows_every_change_however_it_is_lost() {
    desks(|desk| {
        for night in 1..4_u16 {
            desk.population(&format!("2026-10-{:02}", night * 7), &changing(night));
            link(desk, &format!("2026-10-{:02}", night * 7 + 1));
        }
        let row = format!("{},独居,迁38,{VILLAGE},", mistyped(8));
        let mut outcomes: Vec<Linked> = Vec::new();
        for (at, damage) in [
            "UPDATE setting SET value = value",
            "DELETE FROM link_index",
            "UPDATE link_index SET sealed = identity FROM person WHERE person.id = 1",
            "DELETE FROM link_index WHERE part > 1",
        ]
        .iter()
        .enumerate()
        {
            desk.session().exec(damage, &[]).unwrap();
            let list = format!("village_survey_2026-11-{:02}.csv", at + 1);
            desk.accept(&list, SURVEY, std::slice::from_ref(&row));
            let done = link(desk, "2026-11-05");
            assert_eq!(done.compared, 1, "{damage}");
            outcomes.push(done);
            let kept = count(desk, "SELECT COUNT(*) FROM link_index");
            assert!(kept > 0, "{damage}");
        }
        assert!(
            outcomes.iter().all(|done| (done.linked, done.asked) == (outcomes[0].linked, outcomes[0].asked)),
            "{outcomes:?}"
        );
        assert_eq!(outcomes[0].linked + outcomes[0].asked, 1, "{outcomes:?}");
    });
}

#[test]
fn what_is_kept_of_everyone_can_be_read_by_the_keys_only() {
    desks(|desk| {
        desk.population("2026-10-01", &people());
        link(desk, "2026-10-02");
        let mut session = desk.session();
        let kept = session.query("SELECT part, sealed FROM link_index", &[]).unwrap();
        assert!(!kept.is_empty());
        let birth = IdNumber::parse(&number(1)).unwrap().birth_date().format("%Y%m%d").to_string();
        for row in &kept {
            let sealed = row.blob(1).unwrap();
            let part = format!("link_index {}", row.int(0).unwrap());
            assert!(desk.keys.open(&part, sealed).is_ok());
            for secret in [number(1), "阿依古丽".to_owned(), birth.clone()] {
                assert!(!sealed.windows(secret.len()).any(|window| window == secret.as_bytes()));
            }
        }
    });
}

#[test]
fn a_list_of_the_population_is_needed_before_anyone_is_compared() {
    desks(|desk| {
        let list = desk.list("population_2026-10-01.csv", POPULATION, &[]);
        let _ = desk.ingester().file(&list, &IngestOptions::on(day("2026-10-01")));
        let done =
            desk.ingester().link(&crate::linking::rules(), &IngestOptions::on(day("2026-10-01")), &BTreeSet::new());
        assert_eq!(done.unwrap(), Linked::default());
    });
}
