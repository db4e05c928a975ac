//! Running accounts by pages: inviting, confirming by a second person, locking, families, the trail.

use crate::client::Answer;
use crate::door::{House, cookie_of, house, said};

/// What stands between two texts.
fn between<'t>(text: &'t str, from: &str, to: &str) -> &'t str {
    text.split(from).nth(1).and_then(|rest| rest.split(to).next()).unwrap_or_default()
}

fn link_of(page: &Answer) -> String {
    let text = page.text().replace("&#x2f;", "/");
    let token = between(&text, "/invite/", "<");
    assert_eq!(token.len(), 43, "{}", said(page));
    format!("/invite/{token}")
}

fn set_password(house: &House, link: &str) {
    let form = "password=the+river+bends+twice+at+dusk&again=the+river+bends+twice+at+dusk";
    assert_eq!(house.send("POST", link, "", form).status, 303);
}

fn id_of(house: &House, cookie: &str, username: &str) -> String {
    let page = house.send("GET", &format!("/d/admin/users?q={username}"), cookie, "").text();
    between(&page, "href=\"/d/admin/users/U", "\"").to_owned()
}

#[test]
fn a_role_that_sees_people_takes_two() {
    let (_turn, house) = house();
    let admin = house.sign_in(house.account("administrator"));
    let county = house.county.to_string();
    let form = format!("name=%E6%9D%8E&username=li.officer&role=auditor&division={county}");
    let made = house.send("POST", "/d/admin/users", &admin, &form);
    assert_eq!(made.status, 200, "{}", said(&made));
    assert!(said(&made).contains("第二个人确认"), "{}", said(&made));
    set_password(house, &link_of(&made));
    let id = format!("U{}", id_of(house, &admin, "li.officer"));
    let page = house.send("GET", &format!("/d/admin/users/{id}"), &admin, "");
    assert!(said(&page).contains("等第二个人确认"), "{}", said(&page));
    // Whoever gave it can't confirm it, nor see the list of those that wait.
    assert_eq!(house.send("GET", "/d/admin/confirm", &admin, "").status, 403);

    let officer = house.sign_in(house.account("county_officer"));
    let waiting = house.send("GET", "/d/admin/confirm", &officer, "").text();
    assert!(waiting.contains("li.officer"), "{waiting}");
    let row = waiting.split("<tr").find(|row| row.contains("li.officer")).unwrap();
    let action = format!("/d/admin/confirm/{}", between(row, "/d/admin/confirm/", "\""));
    assert_eq!(house.send("POST", &action, &officer, "answer=yes").status, 303);
    let again = house.send("POST", &action, &officer, "answer=yes");
    assert_eq!(again.status, 422, "it waits no longer");
    let page = house.send("GET", &format!("/d/admin/users/{id}"), &admin, "");
    assert!(!said(&page).contains("等第二个人确认"), "{}", said(&page));

    // A new password by the administrator, without a second factor that guards it: the role waits again.
    let reset = house.send("POST", &format!("/d/admin/users/{id}/reset"), &admin, "");
    assert_eq!(reset.status, 200, "{}", said(&reset));
    assert!(house.send("GET", "/d/admin/confirm", &officer, "").text().contains("li.officer"));
    assert_eq!(house.send("POST", &action, &officer, "answer=no").status, 303);
    let page = house.send("GET", &format!("/d/admin/users/{id}"), &admin, "");
    assert!(said(&page).contains("没有角色"), "{}", said(&page));
}

#[test]
fn an_account_is_locked_unlocked_and_closed() {
    let (_turn, house) = house();
    let admin = house.sign_in(house.account("administrator"));
    let county = house.county.to_string();
    let form = format!("name=%E7%8E%8B&username=wang.admin&role=administrator&division={county}");
    let made = house.send("POST", "/d/admin/users", &admin, &form);
    set_password(house, &link_of(&made));
    let path = format!("/d/admin/users/U{}", id_of(house, &admin, "wang.admin"));
    let enter = || house.send("POST", "/sign-in", "", "name=wang.admin&password=the+river+bends+twice+at+dusk").status;
    assert_eq!(enter(), 303);
    assert_eq!(house.send("POST", &format!("{path}/lock"), &admin, "").status, 303);
    assert_eq!(enter(), 422, "locked");
    assert_eq!(house.send("POST", &format!("{path}/lock"), &admin, "").status, 422, "locked already");
    assert_eq!(house.send("POST", &format!("{path}/unlock"), &admin, "").status, 303);
    assert_eq!(enter(), 303);
    // A session that still wants its second factor is none yet.
    assert_eq!(house.send("POST", &format!("{path}/sessions/end"), &admin, "").status, 303);
    assert!(said(&house.send("GET", &path, &admin, "")).contains("现在没有登录"));
    assert_eq!(house.send("POST", &format!("{path}/close"), &admin, "").status, 303);
    assert_eq!(enter(), 422, "closed");
    // Everything once more is mended by nobody.
    assert_eq!(house.send("POST", &format!("{path}/unlock"), &admin, "").status, 422);
    // Without a name, a taken name, a role of another's giving.
    for form in [
        format!("name=&username=somebody&role=administrator&division={county}"),
        format!("name=a&username=wang.admin&role=administrator&division={county}"),
        format!("name=a&username=13812345678&role=administrator&division={county}"),
        "name=a&username=somebody&role=administrator&division=999999".to_owned(),
        format!("name=a&username=somebody&role=king&division={county}"),
    ] {
        let answer = house.send("POST", "/d/admin/users", &admin, &form);
        assert_eq!(answer.status, 422, "{form}");
        assert!(said(&answer).contains("role=\"alert\""), "{form}");
    }
    // A coordinator runs accounts of the own township alone.
    let coordinator = house.sign_in(house.account("township_coordinator"));
    assert_eq!(house.send("POST", &format!("{path}/lock"), &coordinator, "").status, 403);
    let form = format!("name=a&username=sneaky&role=visitor&division={county}");
    assert!([403, 422].contains(&house.send("POST", "/d/admin/users", &coordinator, &form).status));
}

#[test]
fn a_family_is_bound_face_to_face_or_by_the_elders_code() {
    let (_turn, house) = house();
    let coordinator = house.sign_in(house.account("township_coordinator"));
    let path = format!("/d/people/{}/bonds", house.neighbour);
    let nothing =
        house.send("POST", &path, &coordinator, "relation=child&spoke=elder&means=township&name=a&username=some.body");
    assert_eq!(nothing.status, 422, "nothing was agreed to");
    let form = "relation=child&spoke=elder&means=township&see=yes&name=%E7%8E%8B%E7%87%95&phone=13900001111";
    let made = house.send("POST", &path, &coordinator, form);
    assert_eq!(made.status, 200, "{}", said(&made));
    set_password(house, &link_of(&made));
    let entered = house.send("POST", "/sign-in", "", "name=13900001111&password=the+river+bends+twice+at+dusk");
    assert_eq!(entered.status, 303, "by phone number");
    let list = house.send("GET", &path, &coordinator, "").text();
    assert!(list.contains("王燕") && list.contains("老人本人同意"), "{list}");
    let end = format!("{path}/{}/end", between(&list, &format!("{path}/"), "/end"));
    assert_eq!(house.send("POST", &end, &coordinator, "means=telephone&spoke=elder").status, 303);
    assert!(house.send("GET", &path, &coordinator, "").text().contains("老人本人取消"));
    assert_eq!(house.send("POST", &end, &coordinator, "means=telephone&spoke=elder").status, 404, "it has ended");
    // Whoever holds no role still keeps an account of their own, and nothing else.
    let daughter = cookie_of(&entered);
    for (page, status) in
        [("/account", 200), ("/me", 200), ("/why?at=/d/people", 200), ("/d/today", 403), ("/d/people", 403)]
    {
        assert_eq!(house.send("GET", page, &daughter, "").status, status, "{page} without a role");
    }

    let none = house.send("POST", &format!("{path}/code"), &coordinator, "");
    assert_eq!(none.status, 422, "a code is for something");
    let page = house.send("POST", &format!("{path}/code"), &coordinator, "see=yes&apply=yes").text();
    let code = between(&page, "code-big\">", "<").to_owned();
    assert_eq!(code.len(), 14, "{page}");
    let form = |code: &str| {
        format!(
            "code={code}&relation=child&name=%E7%8E%8B&username=wang.son&password=the+river+bends+twice+at+dusk&again=the+river+bends+twice+at+dusk"
        )
    };
    assert_eq!(house.send("POST", "/register", "", &form("AAAA-AAAA-AAAA")).status, 422);
    assert_eq!(house.send("POST", "/register", "", &form(&code)).status, 303);
    assert_eq!(house.send("POST", "/register", "", &form(&code)).status, 422, "good once");
    // An officer of another county sees none of it.
    let elsewhere = format!("/d/people/{}/bonds", house.stranger);
    assert_eq!(house.send("GET", &elsewhere, &coordinator, "").status, 403);
    assert_eq!(house.send("POST", &format!("{elsewhere}/code"), &coordinator, "see=yes").status, 403);
}

#[test]
fn a_lost_phone_is_replaced_and_the_old_one_counts_no_more() {
    let (_turn, house) = house();
    let account = house.account("assessor");
    let cookie = house.sign_in(account);
    let wrong = house.send("POST", "/account/second-factor", &cookie, "password=wrong");
    assert_eq!(wrong.status, 422);
    let form = format!("password={}", account.password.replace(' ', "+"));
    let page = house.send("POST", "/account/recovery-codes", &cookie, &form);
    assert_eq!(page.status, 200);
    let text = page.text();
    let codes: Vec<&str> = text.split("<li>").skip(1).filter_map(|rest| rest.split('<').next()).collect();
    assert_eq!(codes.len(), 10, "{text}");
    let first = format!("name={}&password={}", account.username, account.password.replace(' ', "+"));
    let half = crate::door::cookie_of(&house.send("POST", "/sign-in", "", &first));
    assert_eq!(house.send("POST", "/sign-in/code", &half, &format!("code={}", codes[0])).status, 303);
    let half = crate::door::cookie_of(&house.send("POST", "/sign-in", "", &first));
    assert_eq!(house.send("POST", "/sign-in/code", &half, &format!("code={}", codes[0])).status, 422, "good once");

    let offered = house.send("POST", "/account/second-factor", &cookie, &form);
    assert_eq!(offered.status, 200);
    assert!(offered.text().contains("qr-d"));
    assert_eq!(house.send("POST", "/account/second-factor/confirm", &cookie, "code=000000").status, 422);
}

#[test]
fn the_trail_and_the_looks_are_read_by_auditors() {
    let (_turn, house) = house();
    let officer = house.sign_in(house.account("county_officer"));
    let reveal = format!("/d/people/{}/reveal", house.assigned);
    assert_eq!(house.send("POST", &reveal, &officer, "purpose=visit").status, 200);
    let auditor = house.sign_in(house.account("auditor"));
    let trail = house.send("GET", "/d/audit?verify=yes", &auditor, "");
    assert_eq!(trail.status, 200, "{}", said(&trail));
    assert!(said(&trail).contains("没有被改动"), "{}", said(&trail));
    let reveals = house.send("GET", "/d/audit?action=person.reveal", &auditor, "").text();
    assert!(reveals.contains(&house.assigned.to_string()), "{reveals}");
    let looks = house.send("GET", "/d/audit/looks", &auditor, "").text();
    assert!(looks.contains(&house.assigned.to_string()) && looks.contains("上门或电话探访"), "{looks}");
    assert_eq!(house.send("GET", "/d/audit", &officer, "").status, 403);
}

#[test]
fn why_something_is_not_shown_is_told() {
    let (_turn, house) = house();
    let coordinator = house.sign_in(house.account("township_coordinator"));
    let trail = house.send("GET", "/why?at=%2Fd%2Faudit", &coordinator, "").text();
    assert!(trail.contains("留痕") && trail.contains("您现在看不到"), "{trail}");
    let stranger = format!("/why?at=%2Fen%2Fd%2Fpeople%2F{}", house.stranger);
    let page = house.send("GET", &stranger, &coordinator, "").text();
    assert!(page.contains("这在别处"), "{page}");
    let own = format!("/why?at=%2Fd%2Fpeople%2F{}", house.neighbour);
    assert!(house.send("GET", &own, &coordinator, "").text().contains("您可以看"));
    assert!(house.send("GET", "/why?at=%2Fnothing", &coordinator, "").text().contains("没有这一页"));
}
