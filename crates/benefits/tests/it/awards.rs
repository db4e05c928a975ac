//! What is granted enters the registers, and leaves them when it stops or was a mistake.

use benefits::{AwardFilter, BenefitsError, Fault, Filing, Granting, Matter, State, StopCause, Verdict, Written};
use policy::value::Value;
use worklist::Scope;

use crate::room::{Room, by, day, grounds, rooms};

fn recommended(room: &Room<'_>, person: i64, rule: &'static str, papers: &[usize]) -> Matter {
    let about = room.about(person, rule);
    let filing = Filing { papers, ..Filing::default() };
    let matter = room.act(|office, tx| office.file(tx, &about, &by("U1", "2026-11-02"), &filing)).unwrap();
    let by = by("U2", "2026-11-03");
    room.act(|office, tx| office.recommend(tx, matter.id, &by, Verdict::Grant, Written::default())).unwrap()
}

fn grant(room: &Room<'_>, matter: &Matter, from: &str, outcome: &str, words: &str) -> Result<Matter, BenefitsError> {
    let granting = Granting { from: day(from), words, grounds: grounds(outcome) };
    room.act(|office, tx| office.grant(tx, matter.id, &by("U3", "2026-11-04"), granting))
}

fn faults<T: std::fmt::Debug>(result: Result<T, BenefitsError>) -> Vec<Fault> {
    match result {
        Err(BenefitsError::Faults(faults)) => faults,
        other => panic!("{other:?}"),
    }
}

fn awards(room: &Room<'_>, first: &str, last: &str) -> i64 {
    let filter = AwardFilter {
        scope: Scope(None),
        rule: String::new(),
        benefit_kind: String::new(),
        first: day(first),
        last: day(last),
        limit: 10,
        offset: 0,
    };
    let (list, all) = benefits::awards(&mut room.session(), &filter).unwrap();
    assert_eq!(i64::try_from(list.len()).unwrap(), all);
    all
}

#[test]
fn an_award_is_a_fact_from_its_first_day_and_stops_on_its_last() {
    rooms(|room| {
        let matter = recommended(room, 1, "meal_delivery", &[]);
        grant(room, &matter, "2026-11-10", "met", "").unwrap();
        assert!(room.fact(1, "receives_meal_delivery", "2026-11-09").is_null());
        assert_eq!(room.fact(1, "receives_meal_delivery", "2026-11-10"), Value::Bool(true));
        assert_eq!((awards(room, "2026-11-01", "2026-11-09"), awards(room, "2026-11-01", "2026-11-30")), (0, 1));
        let stop = |from: &str, cause| {
            room.act(|office, tx| {
                office.propose_stop(tx, matter.id, &by("U2", "2026-12-01"), day(from), (cause, Written::default()))
            })
        };
        assert_eq!(faults(stop("2026-11-01", None)), [Fault::Reason, Fault::StopFrom]);
        let proposed = stop("2026-12-02", Some(StopCause::MovedAway)).unwrap();
        assert_eq!((proposed.state, proposed.step.as_deref()), (State::Stopping, Some("stop")));
        let kept = room.act(|office, tx| office.keep_on(tx, matter.id, &by("U2", "2026-12-01"), "只是探亲")).unwrap();
        assert_eq!((kept.state, kept.stop_from), (State::Granted, None));
        stop("2026-12-02", Some(StopCause::MovedAway)).unwrap();
        // No money: whoever proposed may confirm.
        let ended = room.act(|office, tx| office.confirm_stop(tx, matter.id, &by("U2", "2026-12-01"), "")).unwrap();
        assert_eq!((ended.state, ended.closed_on), (State::Ended, Some(day("2026-12-01"))));
        assert_eq!(room.fact(1, "receives_meal_delivery", "2026-12-01"), Value::Bool(true));
        assert!(room.fact(1, "receives_meal_delivery", "2026-12-02").is_null());
        assert_eq!((awards(room, "2026-12-01", "2026-12-31"), awards(room, "2026-12-02", "2026-12-31")), (1, 0));
    });
}

#[test]
fn where_money_is_paid_a_second_person_confirms_the_stop() {
    rooms(|room| {
        let matter = recommended(room, 1, "institution_aid", &[0, 1]);
        grant(room, &matter, "2026-11-04", "met", "").unwrap();
        let on = "2026-12-01";
        room.act(|office, tx| {
            let cause = (Some(StopCause::Died), Written::default());
            office.propose_stop(tx, matter.id, &by("U2", on), day("2026-11-20"), cause)
        })
        .unwrap();
        let confirm = |who| room.act(|office, tx| office.confirm_stop(tx, matter.id, &by(who, on), ""));
        assert!(matches!(confirm("U2"), Err(BenefitsError::SecondPerson)));
        assert_eq!(confirm("U5").unwrap().state, State::Ended);
        assert!(room.fact(1, "receives_institution_aid", "2026-11-20").is_null());
    });
}

#[test]
fn what_is_given_once_counts_when_it_was_delivered() {
    rooms(|room| {
        let matter = recommended(room, 1, "home_adaptation", &[]);
        grant(room, &matter, "2026-11-04", "met", "").unwrap();
        assert!(room.fact(1, "home_adapted_on", "2026-11-04").is_null(), "granted is not adapted");
        let deliver =
            |on: &str| room.act(|office, tx| office.deliver(tx, matter.id, &by("U2", "2026-11-20"), day(on), "验收过"));
        assert_eq!(faults(deliver("2026-11-03")), [Fault::DeliveredOn]);
        assert_eq!(faults(deliver("2026-11-21")), [Fault::DeliveredOn]);
        assert_eq!(deliver("2026-11-18").unwrap().state, State::Delivered);
        assert_eq!(room.fact(1, "home_adapted_on", "2026-11-20"), Value::Date(day("2026-11-18")));
        let mistaken =
            |who| room.act(|office, tx| office.void(tx, matter.id, &by(who, "2026-11-25"), "改的是隔壁一家"));
        assert!(matches!(mistaken("U3"), Err(BenefitsError::SecondPerson)), "who decided it");
        assert_eq!(mistaken("U4").unwrap().state, State::Filed);
        assert!(room.fact(1, "home_adapted_on", "2026-11-25").is_null());
    });
}

#[test]
fn what_is_not_due_is_not_granted_and_what_is_not_known_only_with_a_reason() {
    rooms(|room| {
        let matter = recommended(room, 1, "meal_delivery", &[]);
        assert_eq!(faults(grant(room, &matter, "2026-11-10", "not_met", "x")), [Fault::NotDue]);
        assert_eq!(faults(grant(room, &matter, "2026-11-10", "unknown", "")), [Fault::Reason]);
        let outside = grant(room, &matter, "2026-11-01", "met", "");
        assert_eq!(faults(outside), [Fault::FromOutside], "before it was filed");
        let granted = grant(room, &matter, "2026-11-10", "unknown", "看过低保证原件").unwrap();
        let told = benefits::history(&mut room.session(), &room.keys, granted.id).unwrap();
        let last = told.last().unwrap();
        assert_eq!(last.written.grounds.as_ref().unwrap().outcome, "unknown");
        assert_eq!(last.day, Some(day("2026-11-10")));
    });
}

#[test]
fn a_mistaken_grant_is_void_from_its_first_day_and_decided_anew() {
    rooms(|room| {
        let matter = recommended(room, 1, "meal_delivery", &[]);
        grant(room, &matter, "2026-11-10", "met", "").unwrap();
        room.act(|office, tx| office.void(tx, matter.id, &by("U4", "2026-11-15"), "认错了人")).unwrap();
        assert!(room.fact(1, "receives_meal_delivery", "2026-11-15").is_null());
        assert_eq!(awards(room, "2026-11-01", "2026-11-30"), 0);
        let recommend = by("U2", "2026-11-16");
        room.act(|office, tx| office.recommend(tx, matter.id, &recommend, Verdict::Grant, Written::default())).unwrap();
        assert!(matches!(grant(room, &matter, "2026-11-20", "met", ""), Err(BenefitsError::SecondPerson)));
        let granting = Granting { from: day("2026-11-20"), words: "", grounds: grounds("met") };
        room.act(|office, tx| office.grant(tx, matter.id, &by("U5", "2026-11-17"), granting)).unwrap();
        assert_eq!(room.fact(1, "receives_meal_delivery", "2026-11-20"), Value::Bool(true));
    });
}

fn meals_wanted() -> worklist::Wanted {
    worklist::Wanted {
        kind: worklist::Kind::Unserved,
        rule: "meal_delivery".into(),
        person: kernel::PersonId(1),
        fact: None,
        village: crate::room::VILLAGE.parse().unwrap(),
        due_on: None,
        from_on: None,
        rank: 0,
        cause: "entitled".into(),
    }
}

#[test]
fn what_a_night_was_held_against_holds_until_somebody_closes_an_item() {
    rooms(|room| {
        let tonight = || worklist::Tonight::from(vec![meals_wanted()]);
        let compare = || {
            let mut session = room.session();
            session.reading(|s| worklist::compare(s, &tonight(), day("2026-11-02"), |_, _| false)).unwrap()
        };
        let write =
            |compared: worklist::Compared| room.session().transaction(|tx| compared.onto(tonight()).write(tx)).unwrap();
        let close = |rule| {
            let item = (worklist::Kind::Unserved, rule, kernel::PersonId(1), None);
            room.session().transaction(|tx| worklist::close(tx, item, day("2026-11-02"), "answered")).unwrap()
        };
        assert_eq!(write(compare()).opened, 1);
        let before = compare();
        assert!(!close("another_rule"));
        assert!(before.holds(&mut room.session()).unwrap(), "nothing was closed");
        assert!(close("meal_delivery"));
        assert!(!before.holds(&mut room.session()).unwrap());
        assert_eq!(write(before).opened, 0, "it took the item for one that stands");
        assert_eq!(write(compare()).opened, 1);
    });
}

#[test]
fn the_work_item_says_how_far_the_matter_is() {
    rooms(|room| {
        let wanted = meals_wanted();
        let night = |wanted: Vec<worklist::Wanted>, on: &str| {
            room.session().transaction(|tx| worklist::settle(tx, wanted, day(on), |_, _| false)).unwrap()
        };
        let hand = || {
            let items = worklist::of_person(&mut room.session(), kernel::PersonId(1)).unwrap();
            (items[0].hand.clone(), items[0].state)
        };
        night(vec![wanted.clone()], "2026-11-01");
        assert_eq!(hand(), (String::new(), worklist::State::Open));
        recommended(room, 1, "meal_delivery", &[]);
        assert_eq!(hand().0, "recommended");
        assert_eq!(night(vec![wanted.clone()], "2026-11-02").standing, 1);
        night(vec![], "2026-11-03");
        night(vec![wanted], "2026-11-04");
        assert_eq!(hand(), ("recommended".into(), worklist::State::Open), "kept over a night without it");
        let todo = |hand| {
            let filter = worklist::Filter {
                kind: worklist::Kind::Unserved,
                scope: Scope(None),
                rule: None,
                fact: None,
                limit: 9,
                offset: 0,
            };
            worklist::page_in_hand(&mut room.session(), &filter, (hand, day("2026-11-04"))).unwrap().len()
        };
        assert_eq!((todo(worklist::Hand::Todo), todo(worklist::Hand::Begun), todo(worklist::Hand::Any)), (0, 1, 1));
    });
}
