//! The public pages as strangers reach them: what they say, what they keep, and what they do with bad input.

use std::net::SocketAddr;

use chrono::{DateTime, Utc};
use community::{Content, Entry, NewComment, Opening};
use kernel::Bilingual;

use crate::client::{Answer, ask, get, post};
use crate::night::{PACK, as_of, desk};

const PAGES: [&str; 12] = [
    "/",
    "/benefits",
    "/services",
    "/services/meal_delivery/form",
    "/places",
    "/open",
    "/consult",
    "/orders",
    "/help",
    "/accessibility",
    "/privacy",
    "/benefits/check",
];

fn now() -> DateTime<Utc> {
    as_of().and_hms_opt(12, 0, 0).unwrap().and_utc()
}

/// The page's own words.
fn said(answer: &Answer) -> String {
    let text = answer.text();
    text[text.find("<main").unwrap_or(0)..text.find("<footer class=\"pf\"").unwrap_or(text.len())].to_owned()
}

fn hidden(html: &str, name: &str) -> String {
    let marker = format!("name=\"{name}\" value=\"");
    let from = html.find(&marker).map(|at| at + marker.len()).unwrap_or_else(|| panic!("no field {name}"));
    html[from..].split('"').next().unwrap().to_owned()
}

#[test]
fn public_pages_need_no_cookie_and_always_offer_a_number_to_call() {
    let desk = desk();
    for path in PAGES {
        for prefix in ["", "/en"] {
            let path = if path == "/" && !prefix.is_empty() { prefix.to_owned() } else { format!("{prefix}{path}") };
            let answer = get(desk.address, &path);
            let html = answer.text();
            assert_eq!(answer.status, 200, "{path}");
            assert!(answer.header("set-cookie").is_none(), "{path} sets a cookie");
            assert!(html.contains("href=\"tel:12345\""), "{path} offers no number");
            assert!(html.contains("data-surface=\"portal\""), "{path}");
            assert!(html.len() < 75_000, "{path}: {} bytes", html.len());
            let kept = answer.header("cache-control");
            if path.contains("check") || path.contains("orders") {
                assert_eq!(kept, Some("no-store"), "{path}");
            } else {
                assert_eq!((kept, answer.header("vary")), (Some("public, max-age=60"), Some("cookie")), "{path}");
            }
        }
    }
    assert!(get(desk.address, "/").text().contains("href=\"tel:120\""));
    assert_eq!(get(desk.address, "/en/").status, 200);
}

#[test]
fn a_first_visit_is_small() {
    let desk = desk();
    let home = get(desk.address, "/");
    let html = home.text();
    let mut bytes = home.body.len();
    for part in ["href=\"/static/yilian-", "src=\"/static/yilian-"] {
        let from = html.find(part).unwrap() + part.find('/').unwrap();
        bytes += get(desk.address, html[from..].split('"').next().unwrap()).body.len();
    }
    assert!(bytes < 150_000, "{bytes} bytes before compression");
}

/// Answers one question after the other; gives the last page.
fn walk(to: SocketAddr, prefix: &str, answers: &[(&str, &str)]) -> Answer {
    let mut page = get(to, &format!("{prefix}/benefits/check"));
    for _ in 0..25 {
        let html = page.text();
        let (question, state) = (hidden(&html, "q"), hidden(&html, "s"));
        let answer = answers.iter().find(|(id, _)| *id == question).map_or("%3F", |(_, answer)| *answer);
        let sent = post(to, &format!("{prefix}/benefits/check"), &format!("s={state}&q={question}&a={answer}"));
        assert_eq!(sent.status, 303, "{question}: {}", said(&sent));
        let next = sent.header("location").unwrap().to_owned();
        assert!(next.starts_with(&format!("{prefix}/benefits/")), "{next}");
        for (_, given) in answers.iter().filter(|(_, given)| given.len() > 2) {
            assert!(!next.contains(given), "the address tells {given}");
        }
        page = get(to, &next);
        if page.status == 303 {
            page = get(to, page.header("location").unwrap());
            break;
        }
    }
    page
}

#[test]
fn an_anonymous_check_tells_what_is_due_and_why() {
    let desk = desk();
    let answers = [("place", "653001"), ("age", "82"), ("income", "allowance"), ("children", "none")];
    let page = walk(desk.address, "", &answers);
    assert_eq!(page.status, 200);
    let html = said(&page);
    for wanted in ["可以享受", "每月探访", "居家适老化改造", "低保", "82 岁", "还缺", "KZ-5d", "白话"]
    {
        assert!(html.contains(wanted), "{wanted} is not told: {html}");
    }
    assert_eq!(page.header("cache-control"), Some("no-store"));
    let english = walk(desk.address, "/en", &answers);
    assert!(said(&english).contains("Monthly contact"), "{}", said(&english));
    let young = walk(desk.address, "", &[("place", "653001"), ("age", "40")]);
    assert!(said(&young).contains("现在还没有确定能享受的"));
}

#[test]
fn what_is_no_answer_is_refused_and_what_was_changed_begins_anew() {
    let desk = desk();
    let first = get(desk.address, "/benefits/check");
    let question = hidden(&first.text(), "q");
    for answer in ["", "%3Cscript%3E", "110105", "%01", "999999999999"] {
        let refused = post(desk.address, "/benefits/check", &format!("s=&q={question}&a={answer}"));
        assert_eq!(refused.status, 422, "{answer}");
        let html = refused.text();
        assert!(html.contains("<title>出错：") && !html.contains("<script>"), "{answer}");
    }
    let zero = post(desk.address, "/benefits/check", &format!("s=&q={question}&a=%00"));
    assert_eq!(zero.status, 400, "a zero byte is no text at all");
    for state in ["x", "%FF%FE", "AAAA", &"A".repeat(5000)] {
        let page = get(desk.address, &format!("/benefits/check?s={state}"));
        assert_eq!(page.status, 200, "{}", &state[..state.len().min(20)]);
        assert!(page.text().contains("从头来"));
        let result = get(desk.address, &format!("/benefits/result?s={state}"));
        assert_eq!(result.status, 303);
    }
    let strange = post(desk.address, "/benefits/check", "s=&q=nothing&a=1");
    assert_eq!(strange.status, 200, "begins anew");
}

#[test]
fn hostile_bodies_are_turned_away_without_a_trace() {
    let desk = desk();
    let host = desk.address.to_string();
    let origin = format!("http://{host}");
    let form = ("content-type", "application/x-www-form-urlencoded");
    let send =
        |path: &str, body: &[u8]| ask(desk.address, "POST", path, &[("host", &host), ("origin", &origin), form], body);
    for path in ["/benefits/check", "/callback", "/consult/1/comments"] {
        let huge = send(path, &[b'a'; 2_200_000]);
        assert!(matches!(huge.status, 413 | 404 | 422 | 400), "{path}: {}", huge.status);
        let broken = send(path, b"text=\xff\xfe%ff&a=%");
        assert!(broken.status < 500, "{path}: {}", broken.status);
        let cross =
            ask(desk.address, "POST", path, &[("host", &host), ("origin", "http://evil.example"), form], b"a=1");
        assert_eq!(cross.status, 403, "{path}");
    }
    let long = send("/callback", format!("contact={}", "1".repeat(500)).as_bytes());
    assert_eq!(long.status, 422);
    for path in ["/consult/0", "/consult/-1", "/consult/x", "/consult/99999999999999999999", "/places/F99999999"] {
        let status = get(desk.address, path).status;
        assert!(matches!(status, 404 | 400), "{path}: {status}");
    }
    for path in ["/places?at=%FF&kind='--&page=-9", "/services?on=2026-99-99", "/places?service=%3Cb%3E"] {
        let answer = get(desk.address, path);
        assert_eq!(answer.status, 200, "{path}");
        assert!(!answer.text().contains("<b>%") && !said(&answer).contains("'--"), "{path}");
    }
}

#[test]
fn a_request_to_be_called_reaches_the_desk_escaped_and_is_done_once() {
    let desk = desk();
    let form =
        "about=meal_delivery&contact=13800000000&place=653001&text=%3Cscript%3Ealert(1)%3C%2Fscript%3E&name=%3Cb%3E";
    assert_eq!(post(desk.address, "/callback", "about=meal_delivery&contact=").status, 422);
    let sent = post(desk.address, "/callback", form);
    assert_eq!((sent.status, sent.header("location")), (303, Some("/callback?sent=1")));
    let list = get(desk.address, "/d/messages");
    assert_eq!(list.status, 200);
    let html = list.text();
    assert!(html.contains("13800000000") && html.contains("&lt;script&gt;") && !html.contains("<script>alert"));
    let action = html.split("action=\"/d/messages/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let action = format!("/d/messages/{action}");
    assert_eq!(post(desk.address, &action, "outcome=").status, 422);
    assert_eq!(post(desk.address, &action, "outcome=%E6%89%93%E8%BF%87%E4%BA%86").status, 303);
    assert_eq!(post(desk.address, &action, "outcome=x").status, 409);
    assert!(get(desk.address, "/d/messages?state=done").text().contains("打过了"));
}

fn laid_open(title: &str) -> i64 {
    let both = |text: &str| Bilingual { zh: text.into(), en: text.into() };
    let text = vec![Entry {
        key: "benefit meal_delivery".into(),
        kind: both("待遇"),
        label: both("上门助餐"),
        lines: vec![both("送到家")],
        changed: true,
    }];
    let content = Content { text, affected: Some([412, 430, 0]), ..Content::default() };
    let opening = Opening {
        pack: PACK,
        title,
        content: &content,
        days: 7,
        usual_days: 30,
        why: "月底前要报送",
        by: "U00000001",
        on: as_of(),
        at: now(),
    };
    let desk = desk();
    community::open(&mut desk.database.session().unwrap(), &desk.keys, &opening).unwrap()
}

#[test]
fn comments_are_shown_once_decided_and_withheld_ones_say_why() {
    let desk = desk();
    let id = laid_open("送餐办法（征求意见稿）");
    let path = format!("/consult/{id}");
    let page = get(desk.address, &path);
    assert_eq!(page.status, 200);
    let html = page.text();
    for wanted in ["送餐办法", "这次 7 天", "月底前要报送", "第 1 天，共 7 天", "412 人"] {
        assert!(html.contains(wanted), "{wanted}");
    }
    let comments = format!("{path}/comments");
    assert_eq!(post(desk.address, &comments, "text=+").status, 422);
    let hostile = "about=benefit+meal_delivery&text=%3Cimg+src%3Dx+onerror%3Dalert(1)%3E&name=%22%3E%3Cb%3E";
    for form in [hostile, "about=x&text=%E5%A4%9A%E9%80%81%E4%B8%80%E9%A4%90"] {
        assert_eq!(post(desk.address, &comments, form).status, 303);
    }
    let html = get(desk.address, &path).text();
    assert!(!html.contains("onerror") && html.contains("还有 2 条没看完"), "nothing is shown before a person read it");
    let mut session = desk.database.session().unwrap();
    let all = community::comments(&mut session, &desk.keys, id).unwrap();
    let decide =
        |comment: i64, form: &str| post(desk.address, &format!("/d/consultations/{id}/comments/{comment}"), form);
    assert_eq!(decide(all[0].id, "verdict=show").status, 303);
    assert_eq!(decide(all[1].id, "verdict=withhold&why=").status, 422);
    assert_eq!(decide(all[1].id, "verdict=withhold&why=%E9%87%8D%E5%A4%8D").status, 303);
    let html = get(desk.address, &path).text();
    assert!(html.contains("&lt;img src=x onerror") && !html.contains("<img"), "shown as text");
    assert!(html.contains("原因：重复") && !html.contains("多送一餐"));
    let whole = get(desk.address, &format!("/d/consultations/{id}"));
    assert!(whole.text().contains("多送一餐"), "the desk keeps what is withheld");
    assert_eq!(post(desk.address, &format!("/d/consultations/{id}/answer"), "").status, 409, "the time is not over");
}

#[test]
fn a_comment_after_the_end_is_told_so() {
    let desk = desk();
    let mut session = desk.database.session().unwrap();
    let content = Content::default();
    let past = as_of() - chrono::Days::new(40);
    let opening = Opening {
        pack: PACK,
        title: "旧办法",
        content: &content,
        days: 30,
        usual_days: 30,
        why: "",
        by: "U00000001",
        on: past,
        at: now(),
    };
    let id = community::open(&mut session, &desk.keys, &opening).unwrap();
    let new = NewComment { text: "早说的", ..NewComment::default() };
    community::comment(&mut session, &desk.keys, id, &new, (now(), past)).unwrap();
    assert_eq!(post(desk.address, &format!("/consult/{id}/comments"), "text=x").status, 409);
    let html = get(desk.address, &format!("/consult/{id}")).text();
    assert!(html.contains("截止") && !html.contains("<textarea"));
}

#[test]
fn counts_of_few_people_are_not_published() {
    let html = said(&get(desk().address, "/open"));
    let mut counts = 0;
    for cell in html.split("<td class=\"num\">").skip(1) {
        let text = cell.split("</td>").next().unwrap().replace(',', "");
        if let Ok(n) = text.trim().parse::<u64>() {
            assert!(n == 0 || n >= 5, "{n} people are published");
            counts += 1;
        }
    }
    assert!(counts > 10, "{html}");
    assert!(html.contains("人数少，不公开") || counts > 30);
    assert!(html.contains("月探访率"));
}

#[test]
fn without_a_door_my_matters_say_whom_to_call() {
    let page = get(desk().address, "/me");
    assert_eq!(page.status, 200);
    assert!(page.text().contains("还没有开放登录"));
    let lost = get(desk().address, "/nothing");
    assert_eq!(lost.status, 404);
    assert!(lost.text().contains("tel:12345") && lost.text().contains("怎么办"));
}

#[test]
fn a_matter_is_followed_by_its_number_and_the_last_digits_and_by_nothing_less() {
    let desk = desk();
    let mut session = desk.database.session().unwrap();
    let world = cycle::World::load(&desk.database, &desk.keys, &crate::night::packs(), PACK).unwrap();
    let person = kernel::PersonId(12);
    let identity = registry::people::identity(&mut session, &desk.keys, person).unwrap().unwrap();
    let digits = &identity.id_number[identity.id_number.len() - 4..];
    let office = benefits::Office { keys: &desk.keys, catalogue: &world.catalogue, pack: &world.pack };
    let rule = world.pack.rules_of("benefit").find(|rule| rule.benefit().is_some_and(|b| b.process.is_some())).unwrap();
    let village = world.pack.roots[0];
    let about = benefits::About { person, rule: &rule.id, village };
    let by = benefits::By { actor: "U00000007", how: benefits::How::Portal, on: as_of(), at: now() };
    let filing = benefits::Filing { words: "<script>x</script>", ..benefits::Filing::default() };
    let filed = session.transaction(|tx| office.file(tx, &about, &by, &filing));
    let number = match filed {
        Ok(matter) => matter.number,
        Err(benefits::BenefitsError::Running(number)) => number,
        Err(other) => panic!("{other}"),
    };
    let ask = |number: &str, digits: &str| post(desk.address, "/orders", &format!("number={number}&digits={digits}"));
    let found = ask(&number.to_lowercase(), digits);
    assert_eq!(found.status, 200, "{}", said(&found));
    let html = found.text();
    assert!(html.contains(&number) && html.contains("提出申请"));
    assert!(!html.contains("script>x") && !html.contains(&identity.id_number) && !html.contains(&identity.name));
    assert_eq!(found.header("cache-control"), Some("no-store"));
    let wrong = if digits == "0000" { "1111" } else { "0000" };
    for (number, digits) in [(number.as_str(), wrong), (&number, ""), ("2026-000001-AAAAA", digits), ("%27--", digits)]
    {
        let refused = ask(number, digits);
        assert_eq!(refused.status, 422, "{number} {digits}");
        assert!(refused.text().contains("没有查到"));
    }
}
