//! From the first contact to a decision, and what is refused on the way.

use benefits::{BenefitsError, Contact, Deed, Fault, Filing, How, State, Verdict, Written};
use policy::value::Value;

use crate::room::{Room, by, day, grounds, pack, rooms};

const MEALS: &str = "meal_delivery";
const AID: &str = "institution_aid";

fn filed(room: &Room<'_>, person: i64, rule: &'static str) -> benefits::Matter {
    let about = room.about(person, rule);
    let by = benefits::By { how: How::Family, ..by("U1", "2026-11-02") };
    let filing = Filing { words: "女儿来办", ..Filing::default() };
    room.act(|office, tx| office.file(tx, &about, &by, &filing)).expect("it is filed")
}

fn faults<T: std::fmt::Debug>(result: Result<T, BenefitsError>) -> Vec<Fault> {
    match result {
        Err(BenefitsError::Faults(faults)) => faults,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_offer_is_tried_again_and_declined_with_a_reason() {
    rooms(|room| {
        let about = room.about(1, MEALS);
        let contact = |on: &str, contact| room.act(|office, tx| office.contact(tx, &about, &by("U1", on), contact));
        let again = Some(day("2026-11-05"));
        let first = contact("2026-11-02", Contact::Unreached { again, words: "" }).unwrap();
        assert_eq!((first.state, first.step.as_deref(), first.due_on), (State::Contacting, Some("again"), again));
        let past = contact("2026-11-05", Contact::Unreached { again, words: "" });
        assert_eq!(faults(past), [Fault::Again]);
        let unsaid = contact("2026-11-05", Contact::Declined { reason: "", words: "" });
        assert_eq!(faults(unsaid), [Fault::Reason]);
        let other = contact("2026-11-05", Contact::Declined { reason: "other", words: " " });
        assert_eq!(faults(other), [Fault::Reason], "another reason is written out");
        let said = Contact::Declined { reason: "family_helps", words: "儿媳做饭" };
        let declined = contact("2026-11-05", said).unwrap();
        assert_eq!((declined.id, declined.state, declined.closed_on), (first.id, State::Declined, again));
        assert!(benefits::under_way(&mut room.session(), about.person, MEALS).unwrap().is_none());
        let said = |rule| benefits::declined(&mut room.session(), worklist::Scope(None), rule).unwrap();
        assert_eq!((said(""), said(AID)), (vec![("family_helps".to_owned(), 1)], vec![]));
        let next = contact("2026-12-01", Contact::Accepted { words: "" }).unwrap();
        assert!(next.id > first.id, "a new matter");
        assert_eq!(next.step.as_deref(), Some("file"));
        let told = benefits::history(&mut room.session(), &room.keys, first.id).unwrap();
        assert_eq!(told.iter().map(|e| e.deed).collect::<Vec<_>>(), [Deed::ContactUnreached, Deed::ContactDeclined]);
        assert_eq!((told[1].code.as_str(), told[1].written.words.as_str()), ("family_helps", "儿媳做饭"));
        let audited = room.audited();
        assert_eq!(audited.iter().filter(|action| action.starts_with("benefit.contact")).count(), 3);
    });
}

#[test]
fn a_second_person_decides() {
    rooms(|room| {
        let matter = filed(room, 1, MEALS);
        assert_eq!((matter.state, matter.filed_as, matter.due_on), (State::Filed, Some(How::Family), None));
        let recommend = |who| {
            room.act(|office, tx| {
                office.recommend(tx, matter.id, &by(who, "2026-11-03"), Verdict::Grant, Written::words("入户看过"))
            })
        };
        let early = room.act(|office, tx| {
            let granting = benefits::Granting { from: day("2026-11-10"), words: "", grounds: grounds("met") };
            office.grant(tx, matter.id, &by("U3", "2026-11-03"), granting)
        });
        assert!(matches!(early, Err(BenefitsError::Misfit { .. })), "nothing is recommended yet");
        let recommended = recommend("U2").unwrap();
        assert_eq!(recommended.step.as_deref(), Some("decide"));
        let grant = |who| {
            room.act(|office, tx| {
                let granting = benefits::Granting { from: day("2026-11-10"), words: "", grounds: grounds("met") };
                office.grant(tx, matter.id, &by(who, "2026-11-04"), granting)
            })
        };
        assert!(matches!(grant("U1"), Err(BenefitsError::SecondPerson)), "who filed");
        assert!(matches!(grant("U2"), Err(BenefitsError::SecondPerson)), "who recommended");
        let filter = |who: &str| benefits::Filter {
            state: Some(State::Recommended),
            decidable_by: who.to_owned(),
            ..benefits::Filter::default()
        };
        let queue = |who: &str| benefits::page(&mut room.session(), &filter(who)).unwrap().len();
        assert_eq!((queue("U2"), queue("U3")), (0, 1));
        let granted = grant("U3").unwrap();
        assert_eq!((granted.state, granted.step.as_deref()), (State::Granted, Some("notify")));
        assert!(matches!(grant("U3"), Err(BenefitsError::Misfit { .. })), "decided once");
        let audited = room.audited();
        assert!(audited.ends_with(&["benefit.file".into(), "benefit.recommend".into(), "benefit.grant".into()]));
    });
}

#[test]
fn a_refusal_says_why_and_on_what_it_rests_and_can_be_reviewed_by_another() {
    rooms(|room| {
        let matter = filed(room, 1, MEALS);
        let part = Written { part: Some("need_assessed".into()), ..Written::words("评估认为不需要") };
        room.act(|office, tx| office.recommend(tx, matter.id, &by("U2", "2026-11-03"), Verdict::Refuse, part.clone()))
            .unwrap();
        let refuse = |who, written: Written| {
            room.act(|office, tx| office.refuse(tx, matter.id, &by(who, "2026-11-04"), written))
        };
        assert_eq!(faults(refuse("U3", Written::default())), [Fault::Reason, Fault::Clause]);
        let strange = Written { clause: Some("KZ-99".into()), ..Written::words("x") };
        assert_eq!(faults(refuse("U3", strange)), [Fault::UnknownClause]);
        let refused = refuse("U3", part.clone()).unwrap();
        assert_eq!((refused.state, refused.step.as_deref()), (State::Refused, Some("notify")));
        let told =
            room.act(|office, tx| office.notify(tx, matter.id, &by("U2", "2026-11-08"), "当面给了本人")).unwrap();
        assert_eq!((told.closed_on, told.step), (Some(day("2026-11-04")), None), "closed on the day of the decision");
        let again = room.act(|office, tx| office.reopen(tx, matter.id, &by("U2", "2026-11-09"), "请求复核")).unwrap();
        assert_eq!(again.state, State::Filed);
        room.act(|office, tx| office.recommend(tx, matter.id, &by("U2", "2026-11-10"), Verdict::Refuse, part.clone()))
            .unwrap();
        assert!(matches!(refuse("U3", part.clone()), Err(BenefitsError::SecondPerson)), "who refused it before");
        assert_eq!(refuse("U4", part).unwrap().state, State::Refused);
    });
}

#[test]
fn papers_are_ticked_off_and_what_they_show_is_a_fact() {
    rooms(|room| {
        let matter = filed(room, 1, AID);
        assert_eq!((matter.step.as_deref(), matter.papers.len()), (Some("papers"), 0));
        let recommend = || {
            room.act(|office, tx| {
                office.recommend(tx, matter.id, &by("U2", "2026-11-03"), Verdict::Grant, Written::default())
            })
        };
        assert_eq!(faults(recommend()), [Fault::Papers]);
        let papers = |on: &str, seen: &[usize]| {
            room.act(|office, tx| office.papers(tx, matter.id, &by("U2", on), seen)).map(|m| m.step)
        };
        assert_eq!(papers("2026-11-03", &[0]).unwrap().as_deref(), Some("papers"));
        assert_eq!(room.fact(1, "institution_contract", "2026-11-03"), Value::Bool(true));
        assert!(room.fact(1, "institution_paid", "2026-11-03").is_null());
        assert_eq!(papers("2026-11-04", &[0, 1]).unwrap().as_deref(), Some("recommend"));
        assert_eq!(
            papers("2026-11-05", &[1]).unwrap().as_deref(),
            Some("papers"),
            "the agreement was ticked by mistake"
        );
        assert!(room.fact(1, "institution_contract", "2026-11-05").is_null());
        assert_eq!(papers("2026-11-06", &[0, 1]).unwrap().as_deref(), Some("recommend"));
        assert_eq!(room.fact(1, "institution_contract", "2026-11-06"), Value::Bool(true));
        let strange = room.act(|office, tx| office.papers(tx, matter.id, &by("U2", "2026-11-06"), &[7]));
        assert_eq!(faults(strange), [Fault::UnknownPaper]);
        assert_eq!(recommend().unwrap().state, State::Recommended);
    });
}

#[test]
fn a_matter_is_asked_for_once_and_found_by_its_number() {
    rooms(|room| {
        let matter = filed(room, 1, MEALS);
        let about = room.about(1, MEALS);
        let twice = room.act(|office, tx| office.file(tx, &about, &by("U9", "2026-11-03"), &Filing::default()));
        assert!(matches!(twice, Err(BenefitsError::Running(number)) if number == matter.number));
        let typed = format!(" {} ", matter.number.to_lowercase());
        let found = benefits::by_number(&mut room.session(), &typed).unwrap().unwrap();
        assert_eq!(found, matter);
        assert!(benefits::by_number(&mut room.session(), "2026-000001-AAAAA").unwrap().is_none());
        let away = room.act(|office, tx| office.withdraw(tx, matter.id, &by("U1", "2026-11-04"), "")).unwrap();
        assert_eq!(away.state, State::Withdrawn);
        let second = filed(room, 1, MEALS);
        assert!(second.id != matter.id);
        let back = room.act(|office, tx| office.reopen(tx, matter.id, &by("U1", "2026-11-05"), "又想要了"));
        assert!(matches!(back, Err(BenefitsError::Running(number)) if number == second.number));
        assert_eq!(benefits::of_person(&mut room.session(), about.person).unwrap().len(), 2);
        let (pack, _) = pack();
        assert!(pack.rule("health_management").is_some());
        let health = room.about(1, "health_management");
        let nobody = room.act(|office, tx| office.file(tx, &health, &by("U1", "2026-11-03"), &Filing::default()));
        assert!(matches!(nobody, Err(BenefitsError::NotDecidedHere(_))));
        let unknown = room.about(1, "at_risk");
        let none = room.act(|office, tx| office.file(tx, &unknown, &by("U1", "2026-11-03"), &Filing::default()));
        assert!(matches!(none, Err(BenefitsError::NoBenefit(_))));
    });
}

#[test]
fn what_two_people_do_at_once_is_done_once() {
    rooms(|room| {
        let matter = filed(room, 1, MEALS);
        let old = matter.clone();
        room.act(|office, tx| {
            office.recommend(tx, matter.id, &by("U2", "2026-11-03"), Verdict::Grant, Written::default())
        })
        .unwrap();
        // The database as it stood before: an update for event 2 again.
        let stale =
            room.session().exec("UPDATE matter SET events = 2 WHERE id = $1 AND events = 1", &[old.id.0.into()]);
        assert_eq!(stale.unwrap(), 0);
        let again = room.act(|office, tx| {
            office.recommend(tx, matter.id, &by("U4", "2026-11-03"), Verdict::Grant, Written::default())
        });
        assert!(matches!(again, Err(BenefitsError::Misfit { .. })));
    });
}
