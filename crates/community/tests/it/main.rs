//! Consultations and messages on both databases.

use chrono::{DateTime, Days, Utc};
use community::{
    CommentState, CommunityError, Content, Decision, Entry, Field, MessageKind, NewComment, NewMessage, NewTheme,
    Opening, TextFault, Verdict,
};
use kernel::{Bilingual, Date, PersonId, parse_date};
use store::{Database, Keys, Session};
use testkit::{each_database, keys_for};

fn day() -> Date {
    parse_date("2026-11-20").unwrap()
}

fn at() -> DateTime<Utc> {
    day().and_hms_opt(2, 0, 0).unwrap().and_utc()
}

fn both(text: &str) -> Bilingual {
    Bilingual { zh: text.into(), en: text.into() }
}

fn content() -> Content {
    let entry = Entry {
        key: "benefit meals".into(),
        kind: both("待遇"),
        label: both("送餐"),
        lines: vec![both("送到家")],
        changed: true,
    };
    Content { before: "a 1".into(), after: "a 2".into(), text: vec![entry], ..Content::default() }
}

fn opening<'a>(content: &'a Content, days: i64, why: &'a str) -> Opening<'a> {
    Opening { pack: "a", title: "办法", content, days, usual_days: 30, why, by: "U00000001", on: day(), at: at() }
}

fn said(session: &mut Session, keys: &Keys, id: i64, text: &str) -> Result<i64, CommunityError> {
    let new = NewComment { about: "benefit meals", text, name: "王", contact: "13800000000" };
    community::comment(session, keys, id, &new, (at(), day()))
}

fn each(body: impl Fn(&Database, &mut Session, &Keys)) {
    each_database(community::MIGRATIONS, |database| {
        let keys = keys_for(database);
        let mut session = database.session().unwrap();
        body(database, &mut session, &keys);
    });
}

#[test]
fn every_statement_prepares_on_both() {
    assert!(testkit::check_room_statements("community", community::MIGRATIONS) > 10);
}

#[test]
fn a_shorter_period_needs_its_reason() {
    each(|_, session, keys| {
        let content = content();
        let faults = |days, why| match community::open(session, keys, &opening(&content, days, why)) {
            Err(CommunityError::Texts(faults)) => faults,
            other => panic!("{other:?}"),
        };
        let mut faults = faults;
        assert_eq!(faults(7, " "), [TextFault::Missing(Field::Why)]);
        assert_eq!(faults(0, "急"), [TextFault::OutOfRange(Field::Days)]);
        let id = community::open(session, keys, &opening(&content, 7, "本月底要报")).unwrap();
        let one = community::get(session, id).unwrap();
        assert_eq!((one.closes_on, one.shortened_why.as_str()), (day() + Days::new(6), "本月底要报"));
        assert_eq!(one.content, content);
        let full = community::open(session, keys, &opening(&content, 30, "没用的理由")).unwrap();
        assert_eq!(community::get(session, full).unwrap().shortened_why, "");
    });
}

#[test]
fn a_comment_is_sealed_and_kept_whatever_is_decided() {
    each(|_, session, keys| {
        let id = community::open(session, keys, &opening(&content(), 30, "")).unwrap();
        let first = said(session, keys, id, "很好\u{202e}\u{0}").unwrap();
        let second = said(session, keys, id, "<script>alert(1)</script>").unwrap();
        let stored = session.query("SELECT words FROM consultation_comment", &[]).unwrap();
        for row in &stored {
            let blob = row.blob(0).unwrap();
            assert!(!blob.windows(6).any(|w| w == "script".as_bytes() || w == "很好".as_bytes()));
        }
        let by = (at(), "U00000001");
        let withhold = Decision::Withhold { why: "" };
        assert!(matches!(
            community::decide(session, keys, (id, second), withhold, by),
            Err(CommunityError::Texts(faults)) if faults == [TextFault::Missing(Field::Why)]
        ));
        community::decide(session, keys, (id, second), Decision::Withhold { why: "与草案无关" }, by).unwrap();
        community::decide(session, keys, (id, first), Decision::Show { theme: None }, by).unwrap();
        let all = community::comments(session, keys, id).unwrap();
        assert_eq!(all.len(), 2);
        assert_eq!((all[0].text.as_str(), all[0].state), ("很好", CommentState::Shown));
        assert_eq!((all[1].state, all[1].withheld_why.as_str()), (CommentState::Withheld, "与草案无关"));
        assert_eq!(all[1].text, "<script>alert(1)</script>", "nothing is lost");
        let wrong = community::decide(session, keys, (id + 1, first), Decision::Show { theme: None }, by);
        assert!(matches!(wrong, Err(CommunityError::NotFound)));
    });
}

#[test]
fn comments_are_taken_while_the_time_runs() {
    each(|_, session, keys| {
        let id = community::open(session, keys, &opening(&content(), 30, "")).unwrap();
        let new = NewComment { text: "晚了", ..NewComment::default() };
        let last = day() + Days::new(29);
        assert!(community::comment(session, keys, id, &new, (at(), last)).is_ok());
        let after = community::comment(session, keys, id, &new, (at(), last + Days::new(1)));
        assert!(matches!(after, Err(CommunityError::Closed)));
        let long = "长".repeat(2001);
        let faults = community::comment(session, keys, id, &NewComment { text: &long, ..new }, (at(), day()));
        assert!(matches!(faults, Err(CommunityError::Texts(faults)) if faults[0].field() == Field::Text));
        assert!(matches!(said(session, keys, id, "  \n "), Err(CommunityError::Texts(_))));
    });
}

#[test]
fn the_reply_waits_until_every_comment_is_answered_by_a_theme() {
    each(|_, session, keys| {
        let id = community::open(session, keys, &opening(&content(), 30, "")).unwrap();
        let comment = said(session, keys, id, "住满一年拿什么证明").unwrap();
        let by = (at(), "U00000002");
        let later = day() + Days::new(30);
        let answer = |session: &mut Session, on| community::answer(session, keys, id, (at(), on, "U00000002"));
        assert!(matches!(answer(session, day()), Err(CommunityError::StillOpen)));
        assert!(matches!(answer(session, later), Err(CommunityError::NotAllDecided { waiting: 1, unthemed: 0 })));
        community::decide(session, keys, (id, comment), Decision::Show { theme: None }, by).unwrap();
        assert!(matches!(answer(session, later), Err(CommunityError::NotAllDecided { waiting: 0, unthemed: 1 })));
        let new = NewTheme { title: "证明", verdict: Verdict::Adopted, reply: "居住登记就行" };
        let theme = community::add_theme(session, keys, id, &new, by).unwrap();
        let strange = community::decide(session, keys, (id, comment), Decision::Show { theme: Some(theme + 9) }, by);
        assert!(matches!(strange, Err(CommunityError::NotFound)));
        community::decide(session, keys, (id, comment), Decision::Show { theme: Some(theme) }, by).unwrap();
        answer(session, later).unwrap();
        assert!(matches!(answer(session, later), Err(CommunityError::Done)));
        assert!(matches!(community::add_theme(session, keys, id, &new, by), Err(CommunityError::Done)));
        assert_eq!(community::get(session, id).unwrap().answered_on, Some(later));
        assert_eq!(community::themes(session, id).unwrap()[0].reply, "居住登记就行");
    });
}

#[test]
fn messages_are_found_where_they_come_from_and_answered_once() {
    each(|_, session, keys| {
        let new = |kind, division: Option<&str>, contact| NewMessage {
            kind,
            about: "meal_delivery",
            person: Some(PersonId(7)),
            account: None,
            division: division.map(|code| code.parse().unwrap()),
            text: "",
            name: "",
            contact,
        };
        let none = community::send(session, keys, &new(MessageKind::Callback, None, ""), at());
        assert!(matches!(none, Err(CommunityError::Texts(faults)) if faults == [TextFault::Missing(Field::Contact)]));
        let here =
            community::send(session, keys, &new(MessageKind::Callback, Some("653001100"), "1380"), at()).unwrap();
        community::send(session, keys, &new(MessageKind::Callback, None, "1381"), at()).unwrap();
        let ids = |session: &mut Session, cut: Option<&str>| {
            let cut = cut.map(|code| code.parse().unwrap());
            let all = community::messages(session, keys, true, cut, 50).unwrap();
            all.iter().map(|message| message.id).collect::<Vec<_>>()
        };
        assert_eq!(ids(session, Some("653001")), [here]);
        assert_eq!(ids(session, Some("653022")), Vec::<i64>::new());
        assert_eq!(ids(session, None).len(), 2);
        community::done(session, keys, here, "打过了", (at(), "U00000001")).unwrap();
        let again = community::done(session, keys, here, "又打", (at(), "U00000001"));
        assert!(matches!(again, Err(CommunityError::Done)));
        let done = community::message(session, keys, here).unwrap();
        assert_eq!(done.done.map(|(_, _, outcome)| outcome).as_deref(), Some("打过了"));
        assert_eq!(done.contact, "1380");
    });
}
