//! A matter from the worklist to an award by a second person, and a village's answers, through the pages.

use kernel::PersonId;
use worklist::{Filter, Kind, Scope};

use crate::client::Answer;
use crate::door::{House, all_homes, house};
use crate::night::desk;

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

/// Where a form leads when it went well.
fn led(answer: &Answer) -> String {
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.header("location").expect("somewhere").to_owned()
}

/// Someone of the county entitled to a benefit and not served, of a given township or another.
pub fn unserved(house: &House, rule: &str) -> PersonId {
    let filter = Filter {
        kind: Kind::Unserved,
        scope: Scope(house.village.at(kernel::DivisionLevel::Township)),
        rule: Some(rule.to_owned()),
        fact: None,
        limit: 1,
        offset: 0,
    };
    let items = worklist::page(&mut desk().database.session().unwrap(), &filter).unwrap();
    items.first().unwrap_or_else(|| panic!("nobody lacks {rule}")).wanted.person
}

#[test]
fn an_offer_becomes_an_award_by_a_second_person() {
    let (_turn, house) = house();
    let person = unserved(house, "home_adaptation");
    let (coordinator, officer) = (house.enter("township_coordinator"), house.enter("county_officer"));

    let list = house.send("GET", "/d/work/unserved?rule=home_adaptation", &coordinator, "").text();
    assert!(list.contains("name=\"who\"") && list.contains("data-bulk"), "rows can be ticked");
    let who = encoded(&format!("{person}:home_adaptation"));
    let nobody = house.send("POST", "/d/offers", &coordinator, "outcome=accepted");
    assert_eq!(nobody.status, 422);
    let offered =
        house.send("POST", "/d/offers?back=/d/work/unserved", &coordinator, &format!("who={who}&outcome=accepted"));
    assert_eq!(led(&offered), "/d/work/unserved?noted=1");
    let elsewhere =
        house.send("POST", "/d/offers?back=https://evil.example", &coordinator, &format!("who={who}&outcome=accepted"));
    assert!(led(&elsewhere).starts_with("/d/work/"), "never away from the desk");

    let new = house.send("GET", &format!("/d/applications/new?person={person}&rule=home_adaptation"), &coordinator, "");
    assert!(new.text().contains("够条件"), "{}", new.text());
    let form = format!("person={person}&rule=home_adaptation&words={}", encoded("女儿来办"));
    let filed = led(&house.send("POST", "/d/applications", &coordinator, &form));
    let page = filed.split('?').next().unwrap().to_owned();
    let again = house.send("POST", "/d/applications", &coordinator, &form);
    assert_eq!(again.status, 422);
    assert!(again.text().contains("已经在办了"), "asked for once");

    let bare = house.send("POST", &format!("{page}/recommend"), &coordinator, "verdict=refuse");
    assert_eq!(bare.status, 422, "a refusal says why");
    led(&house.send("POST", &format!("{page}/recommend"), &coordinator, "verdict=grant&words=ok"));
    let own = house.send("POST", &format!("{page}/grant"), &coordinator, "from=2026-12-01");
    assert_eq!(own.status, 403, "coordinators do not decide");

    let queue = house.send("GET", "/d/applications?step=decide&mine=1", &officer, "").text();
    assert!(queue.contains(&page), "{queue}");
    let day = house.send("GET", &page, &officer, "").text();
    assert!(day.contains("您来审定") && !day.contains("女儿来办\n\n"), "{day}");
    let from = day.split("id=\"f-from\"").nth(1).and_then(|rest| rest.split("value=\"").nth(1)).unwrap();
    let from = from.split('"').next().unwrap();
    let granted = led(&house.send("POST", &format!("{page}/grant"), &officer, &format!("from={from}")));
    assert!(granted.ends_with("?done=grant"));
    let shown = house.send("GET", &page, &coordinator, "").text();
    assert!(shown.contains("已经批准") && shown.contains("当时的判定和出处"), "{shown}");
    let notice = house.send("GET", &format!("{page}/notice"), &coordinator, "").text();
    for part in ["批准通知", "民政局", "不同意怎么办", "KZ-18a"] {
        assert!(notice.contains(part), "{part}: {notice}");
    }
    let list = house.send("GET", "/d/awards", &officer, "").text();
    assert!(list.contains(&page), "{list}");
    assert!(house.send("GET", &format!("/d/people/{person}"), &officer, "").text().contains(&page));

    // Other roles and other divisions.
    for role in ["visitor", "supervisor", "administrator"] {
        assert_eq!(house.send("GET", &page, &house.enter(role), "").status, 403, "{role}");
    }
    assert!(house.send("GET", "/d/applications/2026-999999-AAAAA", &officer, "").status == 404);
    let stranger = house.stranger;
    let form = format!("person={stranger}&rule=home_adaptation");
    assert_eq!(house.send("POST", "/d/applications", &officer, &form).status, 403, "another county");
    let who = encoded(&format!("{stranger}:home_adaptation"));
    assert_eq!(house.send("POST", "/d/offers", &officer, &format!("who={who}&outcome=accepted")).status, 403);

    let audited = desk().database.session().unwrap().query("SELECT action FROM audit", &[]).unwrap();
    let audited: Vec<String> = audited.iter().map(|row| row.text(0).unwrap().to_owned()).collect();
    for action in ["benefit.contact_accepted", "benefit.file", "benefit.recommend", "benefit.grant"] {
        assert!(audited.iter().any(|a| a == action), "{action}");
    }
}

#[test]
fn exports_are_marked_with_who_when_and_why() {
    let (_turn, house) = house();
    let officer = house.enter("county_officer");
    for path in ["/d/work/unserved/export.xlsx", "/d/awards/export.xlsx", "/d/awards/payments.xlsx"] {
        assert_eq!(house.send("GET", path, &officer, "").status, 422, "{path}: for what?");
        let sheet = house.send("GET", &format!("{path}?why=audit"), &officer, "");
        assert_eq!((sheet.status, &sheet.body[..2]), (200, &b"PK"[..]), "{path}");
    }
    let rows =
        desk().database.session().unwrap().query("SELECT actor, detail FROM audit WHERE action = 'person.export'", &[]);
    let rows = rows.unwrap();
    assert!(rows.len() >= 3);
    assert!(rows.iter().all(|row| row.text(0).unwrap().starts_with('U') && row.text(1).unwrap().contains("audit")));
}

/// Name of each field of the village's sheet, and whether it takes a number.
fn fields(html: &str) -> Vec<(String, bool)> {
    html.split("<td>")
        .filter_map(|cell| {
            let name = cell.split(" name=\"").nth(1)?.split('"').next()?.to_owned();
            name.starts_with('P').then(|| (name, cell.contains("type=\"number\"")))
        })
        .collect()
}

#[test]
fn a_village_answers_what_was_asked_and_the_question_closes() {
    let (_turn, house) = house();
    let coordinator = house.enter("township_coordinator");
    let (mut session, mut found) = (desk().database.session().unwrap(), None);
    let township = house.village.at(kernel::DivisionLevel::Township).unwrap();
    let mut villages: Vec<_> = all_homes().values().copied().filter(|home| township.contains(*home)).collect();
    villages.sort_unstable();
    villages.dedup();
    for village in villages {
        let path = format!("/d/villages/{village}/answers");
        let html = house.send("GET", &path, &coordinator, "").text();
        if fields(&html).iter().any(|(_, number)| *number) {
            found = Some((path, html));
            break;
        }
    }
    let (path, html) = found.expect("some village has somebody of whom a number is missing");
    let name = fields(&html).into_iter().find(|(_, number)| *number).unwrap().0;
    let fact = name.split('.').nth(1).unwrap();
    let sheet = html.split("name=\"sheet\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let asked_on = html.split("name=\"asked_on\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let person: PersonId = name.split('.').next().unwrap().parse().unwrap();
    let open = |session: &mut store::Session| {
        let items = worklist::of_person(session, person).unwrap();
        items.into_iter().any(|i| i.state == worklist::State::Open && i.wanted.fact.as_deref() == Some(fact))
    };
    assert!(open(&mut session));

    let form = |value: &str| format!("sheet={sheet}&asked_on={asked_on}&{name}={value}");
    let wrong = house.send("POST", &path, &coordinator, &form("99"));
    assert_eq!(wrong.status, 422);
    assert!(
        wrong.text().contains("超出了可能的范围") && wrong.text().contains("value=\"99\""),
        "nothing typed is lost"
    );
    assert!(open(&mut session));
    let late = house.send("POST", &path, &coordinator, &format!("sheet={sheet}&asked_on=2027-12-31&{name}=2"));
    assert_eq!(late.status, 422);

    let right = house.send("POST", &path, &coordinator, &form("2"));
    assert_eq!(right.status, 200);
    assert!(right.text().contains("记下了 1 条"), "{}", right.text());
    assert!(!open(&mut session), "the question is closed");
    let twice = house.send("POST", &path, &coordinator, &form("2"));
    assert_eq!(twice.status, 200);
    let acts = session.query("SELECT COUNT(*) FROM act WHERE person = $1", &[person.0.into()]).unwrap();
    assert_eq!(acts[0].int(0).unwrap(), 1, "sent twice, entered once");

    let page = house.send("GET", &format!("/d/people/{person}"), &coordinator, "").text();
    assert!(page.contains("昨夜以后有新情况"), "the person page knows at once");
    let visitor = house.enter("visitor");
    let theirs = house.send("GET", &path, &visitor, "");
    assert_eq!(theirs.status, 200);
    assert!(fields(&theirs.text()).iter().all(|(name, _)| name.starts_with(&house.assigned.to_string())));
    let forged = house.send("POST", &path, &visitor, &form("3"));
    assert_eq!(forged.status == 403, person != house.assigned, "a visitor answers for those in their care");
}
