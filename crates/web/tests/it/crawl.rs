//! Every page that a link leads to answers, in both languages, masked and of bearable size.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::client::get;
use crate::night::desk;

/// Pages fetched at most, and of one kind.
const PAGES: usize = 600;
const OF_A_KIND: usize = 12;

/// The address without query and with numbers and codes blotted out.
fn kind(path: &str) -> String {
    let path = path.split(['?', '#']).next().unwrap_or("");
    path.split('/')
        .map(|step| if step.chars().any(|c| c.is_ascii_digit()) { "*" } else { step })
        .collect::<Vec<_>>()
        .join("/")
}

/// Bytes of a page at most, uncompressed.
const SIZE: usize = 75_000;
const PLAN_SIZE: usize = 60_000;

#[test]
fn every_link_leads_to_a_page_that_says_everything_and_names_nobody() {
    let desk = desk();
    let names = registry::people::NameIndex::build(&mut desk.database.session().unwrap(), &desk.keys, None).unwrap();
    let people: Vec<i64> = (1..400).collect();
    let names: Vec<&str> =
        people.iter().filter_map(|id| names.name(kernel::PersonId(*id))).filter(|n| n.chars().count() > 2).collect();
    assert!(names.len() > 100);

    let mut open: VecDeque<String> =
        ["/d/today", "/en/d/today", "/d/people?q=a", "/d/people/P00000012", "/", "/en"].map(String::from).into();
    let mut seen: BTreeSet<String> = open.iter().cloned().collect();
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    let mut pages = 0;
    while let Some(path) = open.pop_front() {
        let of_kind = kinds.entry(kind(&path)).or_default();
        if *of_kind >= OF_A_KIND || pages >= PAGES {
            continue;
        }
        *of_kind += 1;
        pages += 1;
        let answer = get(desk.address, &path);
        assert_eq!(answer.status, 200, "{path}");
        if path.contains(".xlsx") {
            assert_eq!(&answer.body[..2], b"PK", "{path}");
            assert!(answer.header("content-disposition").is_some_and(|d| d.starts_with("attachment")), "{path}");
            continue;
        }
        if path.starts_with("/static/") {
            continue;
        }
        let html = answer.text();
        assert!(!html.contains('⟦'), "{path} lacks words");
        assert!(
            html.contains(if path == "/en" || path.starts_with("/en/") {
                "<html lang=\"en\""
            } else {
                "<html lang=\"zh-CN\""
            }),
            "{path}"
        );
        let limit = if kind(&path).ends_with("/d/plan") { PLAN_SIZE } else { SIZE };
        assert!(html.len() <= limit, "{path}: {} bytes", html.len());
        for name in &names {
            assert!(!html.contains(name), "{path} shows a whole name");
        }
        assert!(longest_number(&html) < 15, "{path} shows a long number");
        for link in answer.links() {
            if link.starts_with('/') && seen.insert(link.split('#').next().unwrap_or("").to_owned()) {
                open.push_back(link.split('#').next().unwrap_or("").to_owned());
            }
            if let Some(id) = link.strip_prefix('#') {
                assert!(html.contains(&format!("id=\"{id}\"")), "{path} jumps to nothing: {link}");
            }
        }
    }
    for kind in [
        "/d/people/*",
        "/d/work/ask",
        "/d/villages/*",
        "/d/lists/*",
        "/d/plan",
        "/d/indicators/*",
        "/d/policy/rules",
        "/d/policy/what-if",
        "/benefits/check",
        "/services",
        "/services/meal_delivery/form",
        "/places/*",
        "/open",
        "/consult",
        "/callback",
        "/me",
    ] {
        assert!(kinds.contains_key(kind), "no page leads to {kind}");
        assert!(kinds.contains_key(&format!("/en{kind}")), "no English page leads to {kind}");
    }
}

fn longest_number(text: &str) -> usize {
    text.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or(0)
}

#[test]
fn people_are_found_by_name_initials_and_number() {
    let desk = desk();
    let names = registry::people::NameIndex::build(&mut desk.database.session().unwrap(), &desk.keys, None).unwrap();
    let person = kernel::PersonId(12);
    let name = names.name(person).unwrap();
    let typed: String = name
        .chars()
        .take(2)
        .flat_map(|c| c.to_string().bytes().collect::<Vec<_>>())
        .map(|b| format!("%{b:02X}"))
        .collect();
    let found = get(desk.address, &format!("/d/people?q={typed}"));
    assert!(found.text().contains("/d/people/P00000012"), "the name's first characters");
    let identity =
        registry::people::identity(&mut desk.database.session().unwrap(), &desk.keys, person).unwrap().unwrap();
    let found = get(desk.address, &format!("/d/people?q={}", identity.id_number));
    assert_eq!((found.status, found.header("location")), (303, Some("/d/people/P00000012")));
    let found = get(desk.address, "/en/d/people?q=P00000012");
    assert_eq!(found.header("location"), Some("/en/d/people/P00000012"));
}
