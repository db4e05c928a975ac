//! Rows without a usable number find their person, a reviewer, or wait.

use std::collections::BTreeSet;

use policy::value::Value;
use registry::ingest::IngestOptions;
use registry::linking::{self, By, DecisionFault, Linked, Outcome, Rules, State};
use registry::quarantine::of_list;

use crate::desk::{Desk, VILLAGE, day, desks, number, pack, person, village};

pub const SURVEY: &str = "公民身份号码,居住情况,姓名,居住地区划代码,联系电话";

pub fn rules() -> Rules {
    let path = testkit::repository().join("packs/national/linkage.toml");
    Rules::load(&path, &pack().1).expect("the national rules are sound")
}

pub fn link(desk: &Desk<'_>, on: &str) -> Linked {
    let options = IngestOptions::on(day(on));
    desk.ingester().link(&rules(), &options, &BTreeSet::new()).expect("the database works")
}

pub fn by<'a>(who: &'a str, on: &str) -> By<'a> {
    let on = day(on);
    By { who, at: IngestOptions::on(on).at, on, reason: "同一个人" }
}

pub fn decide(desk: &Desk<'_>, pair: i64, verdict: State, on: &str) -> Result<Outcome, DecisionFault> {
    desk.ingester().decide(&rules(), pair, (verdict, false), by("许", on))
}

pub fn take_back(desk: &Desk<'_>, pair: i64, on: &str) -> Result<Outcome, DecisionFault> {
    desk.ingester().take_back(pair, by("徐", on))
}

/// Names that no two people share, in a village where many live.
pub fn people() -> Vec<String> {
    let mut rows = village(60);
    for (at, name) in ["阿依古丽·买买提", "吐尔逊江·玉素甫", "周桂兰", "孙有田"].iter().enumerate()
    {
        rows[at] = person(at as u16 + 1, name, VILLAGE);
    }
    rows
}

/// The number with one digit of its birth year wrong.
pub fn mistyped(n: u16) -> String {
    number(n).replacen("1944", "1954", 1)
}

fn survey(number: &str, name: &str, phone: &str) -> String {
    format!("{number},独居,{name},{VILLAGE},{phone}")
}

#[test]
fn a_mistyped_number_with_the_right_name_is_linked_as_if_it_had_matched() {
    desks(|desk| {
        desk.population("2026-10-01", &people());
        let report =
            desk.accept("village_survey_2026-10-03.csv", SURVEY, &[survey(&mistyped(1), "阿依古丽·买买提", "")]);
        assert_eq!(report.unlinked, 1);
        let done = link(desk, "2026-10-04");
        assert_eq!((done.compared, done.linked, done.open, done.waiting), (1, 1, 0, 0));
        assert_eq!(desk.fact(1, "living_arrangement", "2026-10-04"), desk.fact(1, "living_arrangement", "2026-10-05"));
        assert!(!matches!(desk.fact(1, "living_arrangement", "2026-10-04"), None | Some(Value::Null)));
        let list = report.list.unwrap();
        assert!(of_list(&mut desk.session(), &desk.keys, list).unwrap().is_empty());
        let after = registry::ingest::get(&mut desk.session(), list).unwrap();
        assert_eq!((after.good, after.unlinked), (1, 0));
        let again = link(desk, "2026-10-05");
        assert_eq!(again, Linked::default(), "nothing is compared twice");
    });
}

#[test]
fn a_name_alone_is_asked_about_and_a_stranger_waits() {
    desks(|desk| {
        let mut rows = people();
        rows[4] = person(5, "周桂兰", VILLAGE);
        desk.population("2026-10-01", &rows);
        let rows = [survey("", "周桂兰", ""), survey("", "欧阳不在册", "")];
        desk.accept("village_survey_2026-10-03.csv", SURVEY, &rows);
        let done = link(desk, "2026-10-04");
        assert_eq!((done.linked, done.asked, done.open, done.waiting), (0, 2, 1, 2));
    });
}

#[test]
fn someone_who_stands_in_the_list_already_is_not_the_person() {
    desks(|desk| {
        desk.population("2026-10-01", &people());
        let rows = [survey(&number(1), "阿依古丽·买买提", ""), survey(&mistyped(1), "阿依古丽·买买提", "")];
        desk.accept("village_survey_2026-10-03.csv", SURVEY, &rows);
        let done = link(desk, "2026-10-04");
        assert_eq!((done.linked, done.asked, done.waiting), (0, 0, 1));
    });
}

/// So many that everyone the list names is read at once and not asked about.
#[test]
fn however_many_rows_wait_what_they_keep_open_is_not_the_lists_word() {
    let (header, many) = ("公民身份号码,姓名,享受起始日期", 260);
    desks(|desk| {
        desk.population("2026-10-01", &village(many));
        let rows = |number: fn(u16) -> String| -> Vec<String> {
            (1..=many).map(|n| format!("{},甲{n},", number(n))).collect()
        };
        desk.accept("low_income_2026-10-02.csv", header, &rows(number));
        let report = desk.accept("low_income_2026-11-02.csv", header, &rows(mistyped));
        let many = u64::from(many);
        assert_eq!((report.unlinked, report.kept), (many, many));
        let done = link(desk, "2026-11-03");
        assert_eq!((done.compared, done.linked, done.waiting), (many, many, 0));
    });
}

#[test]
fn a_list_that_comes_again_is_linked_as_decided_before() {
    desks(|desk| {
        desk.population("2026-10-01", &people());
        let rows = [survey(&mistyped(2), "吐尔逊江·玉素甫", "")];
        desk.accept("village_survey_2026-10-03.csv", SURVEY, &rows);
        assert_eq!(link(desk, "2026-10-04").linked, 1);
        let mut rows = rows.to_vec();
        rows.push(survey(&number(3), "周桂兰", ""));
        // The linked row waits again: what it said is neither closed nor counted as missing.
        let report = desk.accept("village_survey_2026-11-03.csv", SURVEY, &rows);
        assert_eq!((report.unlinked, report.closed), (1, 0));
        let done = link(desk, "2026-11-04");
        assert_eq!((done.compared, done.linked, done.asked), (1, 1, 0));
        let mut session = desk.session();
        let pairs = session.query("SELECT COUNT(*) FROM link_candidate", &[]).unwrap()[0].int(0).unwrap();
        let decisions = session.query("SELECT reason FROM link_decision ORDER BY id", &[]).unwrap();
        let reasons: Vec<_> = decisions.iter().map(|row| row.text(0).unwrap().to_owned()).collect();
        assert_eq!((pairs, reasons), (1, vec!["likely".to_owned(), "decided before".to_owned()]));
    });
}

#[test]
fn what_is_kept_of_a_comparison_holds_no_value() {
    desks(|desk| {
        desk.population("2026-10-01", &people());
        desk.accept("village_survey_2026-10-03.csv", SURVEY, &[survey(&mistyped(1), "阿依古丽·买买提", "13999000001")]);
        link(desk, "2026-10-04");
        let mut session = desk.session();
        let kept = session.query("SELECT evidence FROM link_candidate", &[]).unwrap();
        let evidence = kept[0].text(0).unwrap();
        assert!(evidence.contains("one digit wrong"), "{evidence}");
        for secret in [mistyped(1), number(1), "阿依古丽".to_owned(), "13999000001".to_owned()] {
            assert!(!evidence.contains(&secret));
        }
    });
}

#[test]
fn an_officer_sees_both_sides_masked_and_decides_once() {
    desks(|desk| {
        let mut rows = people();
        rows[4] = person(5, "周桂兰", VILLAGE);
        desk.population("2026-10-01", &rows);
        let report = desk.accept("village_survey_2026-10-03.csv", SURVEY, &[survey("", "周桂兰", "")]);
        link(desk, "2026-10-04");
        let (pack, catalogue) = pack();
        let questions = linking::open(&mut desk.session()).unwrap();
        assert_eq!(questions.len(), 1);
        let given = (catalogue, &pack.divisions);
        let seen = linking::show(&mut desk.session(), &desk.keys, given, questions[0].held).unwrap();
        assert_eq!(seen.people.len(), 2);
        let told = format!("{seen:?}");
        assert!(told.contains('周') && !told.contains("周桂兰") && !told.contains(&number(3)), "{told}");

        let decide = |candidate, verdict, reason| {
            let by = By { reason, ..by("许", "2026-10-05") };
            desk.ingester().decide(&rules(), candidate, (verdict, false), by)
        };
        let [third, fifth] = [3, 5].map(|id| {
            let choice = questions[0].choices.iter().find(|choice| choice.person == kernel::PersonId(id));
            choice.expect("both are asked about").candidate
        });
        assert!(decide(third, State::Different, " ").is_err(), "a reason is kept");
        decide(fifth, State::Different, "住在别处").unwrap();
        decide(third, State::Same, "问过本人").unwrap();
        assert!(decide(third, State::Same, "再说一次").is_err(), "it is decided");
        assert!(linking::open(&mut desk.session()).unwrap().is_empty());
        assert!(!matches!(desk.fact(3, "living_arrangement", "2026-10-05"), None | Some(Value::Null)));
        assert!(of_list(&mut desk.session(), &desk.keys, report.list.unwrap()).unwrap().is_empty());
    });
}

/// Takes the survey of a day and links what it can.
fn surveyed(desk: &Desk<'_>, on: &str, rows: &[String]) -> Linked {
    let path = desk.list(&format!("village_survey_{on}.csv"), SURVEY, rows);
    let options = IngestOptions { force_close: true, ..IngestOptions::on(day(on)) };
    desk.ingester().file(&path, &options).expect("the database works");
    link(desk, on)
}

#[test]
fn a_link_taken_back_leaves_nothing_with_the_person_and_is_not_made_again() {
    desks(|desk| {
        desk.population("2026-10-01", &people());
        let row = survey(&mistyped(2), "吐尔逊江·玉素甫", "");
        let known = || !matches!(desk.fact(2, "living_arrangement", "2026-12-01"), None | Some(Value::Null));
        let first = surveyed(desk, "2026-10-03", std::slice::from_ref(&row));
        assert_eq!(first.linked, 1);
        assert_eq!(surveyed(desk, "2026-11-03", std::slice::from_ref(&row)).linked, 1, "the list came again");
        assert!(known());
        let whom = desk.id(2);
        let pair = linking::linked_to(&mut desk.session(), whom).unwrap()[0].id;
        let taken = take_back(desk, pair, "2026-11-05").unwrap();
        assert_eq!(taken, Outcome::Returned(1), "the row of the newer list waits again");
        assert!(!known());
        let (pack, catalogue) = pack();
        let moment = registry::snapshot::Moment::on(day("2026-10-20"));
        let subject = registry::snapshot::Subject::Person(whom);
        let told = || {
            let about = (catalogue, pack);
            let lines = registry::snapshot::facts_of(&mut desk.session(), &desk.keys, about, subject, &moment).unwrap();
            lines.iter().filter(|line| line.source == "village_survey" && !line.absent).count()
        };
        assert_eq!(told(), 0, "nor what older lists said");
        let list = linking::pair(&mut desk.session(), pair).unwrap().unwrap();
        assert_eq!(list.state, State::Undone);
        let said: Vec<_> = linking::said(&mut desk.session(), pair).unwrap().into_iter().map(|s| s.verdict).collect();
        assert_eq!(said, [State::Same, State::Same, State::Undone]);
        for on in ["2026-11-06", "2026-12-03"] {
            let again = if on < "2026-12" { link(desk, on) } else { surveyed(desk, on, std::slice::from_ref(&row)) };
            assert_eq!((again.linked, again.asked), (0, 0), "{on}: never again by itself");
        }
        assert!(!known());
        let mut renamed = people();
        renamed[1] = person(2, "买买提江·卡德尔", VILLAGE);
        desk.population("2027-02-02", &renamed);
        let moved = surveyed(desk, "2027-02-03", std::slice::from_ref(&row));
        assert_eq!((moved.linked, moved.asked), (0, 1), "new evidence is asked about, not acted on");
        let question = linking::open(&mut desk.session()).unwrap();
        assert!(!question[0].choices[0].moved.is_empty(), "and says what changed");
    });
}

#[test]
fn a_no_taken_back_is_asked_again() {
    desks(|desk| {
        let mut rows = people();
        rows[4] = person(5, "周桂兰", VILLAGE);
        desk.population("2026-10-01", &rows);
        surveyed(desk, "2026-10-03", &[survey("", "周桂兰", "")]);
        let open = || linking::open(&mut desk.session()).unwrap();
        let [first, second] = [0, 1].map(|at| open()[0].choices[at].candidate);
        decide(desk, first, State::Different, "2026-10-05").unwrap();
        assert_eq!(open()[0].choices.len(), 1);
        take_back(desk, first, "2026-10-06").unwrap();
        assert_eq!(open()[0].choices.len(), 2);
        decide(desk, second, State::Same, "2026-10-07").unwrap();
        assert!(open().is_empty());
        assert!(matches!(take_back(desk, first, "2026-10-08"), Err(DecisionFault::NotDecided(_))), "it was set aside");
        take_back(desk, second, "2026-10-08").unwrap();
        assert_eq!(open()[0].choices.iter().map(|c| c.candidate).collect::<Vec<_>>(), [first], "the other is left");
        assert_eq!(linking::decided_on(&mut desk.session(), day("2026-10-08")).unwrap().len(), 1);
    });
}
