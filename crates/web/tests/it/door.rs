//! Behind a door: everyone signs in, and every route answers each role as the table of roles says.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use accounts::authz::{Authz, Target};
use accounts::demo::{DemoAccount, Stage, demo};
use accounts::users::NewUser;
use accounts::{Accounts, Actor, SystemEntropy};
use chrono::{DateTime, Datelike, Duration, Utc};
use kernel::{Clock, DivisionCode, DivisionLevel, ListId, PersonId, PlaceId};
use registry::{linking, part, quarantine};

use crate::client::{Answer, ask};
use crate::night::{self, as_of};

/// A clock that only this test moves: each code of an authenticator is good once.
#[derive(Debug)]
pub struct Hands(pub Mutex<DateTime<Utc>>);

impl Clock for Hands {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap()
    }
}

pub struct House {
    pub address: SocketAddr,
    pub clock: Arc<Hands>,
    pub accounts: Accounts,
    pub made: Vec<DemoAccount>,
    pub village: DivisionCode,
    pub county: DivisionCode,
    /// Someone assigned, someone of the same village, someone of another county.
    pub assigned: PersonId,
    pub neighbour: PersonId,
    pub stranger: PersonId,
    /// A question, the person it is about, a waiting row of the population and where it belongs.
    pair: (i64, PersonId),
    held: (ListId, i64, Option<DivisionCode>),
}

fn authz() -> Authz {
    let folder: PathBuf = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../authz")).to_owned();
    Authz::load(&folder).expect("authz/ is sound")
}

/// One house for all tests, one at a time; each comes a day later, so that wrong attempts of another are forgotten.
pub fn house() -> (MutexGuard<'static, ()>, &'static House) {
    static TURN: Mutex<()> = Mutex::new(());
    static HOUSE: OnceLock<House> = OnceLock::new();
    let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let house = HOUSE.get_or_init(build);
    *house.clock.0.lock().unwrap() += Duration::hours(25);
    (turn, house)
}

fn build() -> House {
    let desk = night::desk();
    let mut session = desk.database.session().unwrap();
    let mut homes: BTreeMap<DivisionCode, Vec<PersonId>> = BTreeMap::new();
    for (person, home) in all_homes().iter().filter(|(_, home)| home.to_string().starts_with("6530")) {
        homes.entry(*home).or_default().push(*person);
    }
    let (village, people) = homes.iter().max_by_key(|(_, people)| people.len()).expect("somebody lives somewhere");
    let county = village.at(DivisionLevel::County).unwrap();
    let stranger = homes.iter().find(|(home, _)| !county.contains(**home)).map(|(_, people)| people[0]);
    let began = as_of() + chrono::Days::new(3);
    let clock = Arc::new(Hands(Mutex::new(began.and_hms_opt(1, 0, 0).unwrap().and_utc())));
    let accounts = Accounts::new(desk.keys.clone(), Arc::new(authz()), clock.clone(), Arc::new(SystemEntropy));
    let stage = Stage {
        prefecture: "6530".parse().unwrap(),
        county,
        township: village.at(DivisionLevel::Township).unwrap(),
        village: *village,
        elder: Some(people[0]),
        place: PlaceId(1),
        assigned: vec![people[0]],
    };
    let made = demo(&accounts, &mut session, &stage).unwrap();
    let door = web::Door { accounts: accounts.clone(), hosts: vec!["yilian.example".into()], secure: false };
    let address = night::serve_behind(desk.database.clone(), desk.keys.clone(), clock.clone(), door);
    let pair = linking::open_pairs(&mut session).unwrap().into_iter().map(|open| open.pair).next().expect("a question");
    let lists = registry::ingest::all(&mut session).unwrap();
    let population = lists.iter().find(|list| list.source == "population").and_then(|list| list.list).unwrap();
    let held = quarantine::of_list(&mut session, &desk.keys, population).unwrap().remove(0);
    House {
        address,
        clock,
        accounts,
        made,
        village: *village,
        county,
        assigned: people[0],
        neighbour: people[1],
        stranger: stranger.expect("two counties"),
        pair: (pair.id, pair.person),
        held: (population, held.id, held.division),
    }
}

impl House {
    /// A form as a page of ours sends it, with the token of the session.
    pub fn send(&self, method: &str, path: &str, cookie: &str, form: &str) -> Answer {
        match self.form_token(cookie).filter(|_| method != "GET" && !path.starts_with("/api/")) {
            Some(token) => self.send_bare(method, path, cookie, &format!("_token={token}&{form}")),
            None => self.send_bare(method, path, cookie, form),
        }
    }

    /// The token that pages of a session carry; none before the session is whole.
    fn form_token(&self, cookie: &str) -> Option<String> {
        static KNOWN: Mutex<BTreeMap<String, Option<String>>> = Mutex::new(BTreeMap::new());
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        let token = || {
            let page = self.send_bare("GET", "/account", cookie, "").text();
            let value = page.split("name=\"_token\" value=\"").nth(1)?;
            value.split('"').next().map(str::to_owned)
        };
        known.entry(cookie.to_owned()).or_insert_with(token).clone()
    }

    fn send_bare(&self, method: &str, path: &str, cookie: &str, form: &str) -> Answer {
        let (host, origin) = (self.address.to_string(), format!("http://{}", self.address));
        let kind = if path.starts_with("/api/") { "application/json" } else { "application/x-www-form-urlencoded" };
        let headers = [("host", host.as_str()), ("origin", &origin), ("cookie", cookie), ("content-type", kind)];
        ask(self.address, method, path, &headers, form.as_bytes())
    }

    /// The cookie of the ready-made account of a role.
    pub fn enter(&self, role: &str) -> String {
        self.sign_in(self.account(role))
    }

    /// The ready-made account of a role.
    pub fn account(&self, role: &str) -> &DemoAccount {
        self.made.iter().find(|account| account.role == role).expect("an account for every role")
    }

    /// The cookie of an account after password and code.
    pub fn sign_in(&self, account: &DemoAccount) -> String {
        let form = format!("name={}&password={}", account.username, account.password.replace(' ', "+"));
        let first = self.send("POST", "/sign-in", "", &form);
        assert_eq!(first.status, 303, "{}: {}", account.role, said(&first));
        let cookie = cookie_of(&first);
        let now = {
            let mut now = self.clock.0.lock().unwrap();
            *now += Duration::seconds(31);
            *now
        };
        let Some(code) = account.code_at(now) else { return cookie };
        let answer = self.send("POST", "/sign-in/code", &cookie, &format!("code={code}"));
        assert_eq!(answer.status, 303, "{}: {}", account.role, said(&answer));
        cookie_of(&answer)
    }

    pub fn path(&self, route: &str, person: PersonId) -> String {
        let village = self.village.to_string();
        let fill = [
            ("{person}", person.to_string()),
            ("{code}", village),
            ("{kind}", "unserved".into()),
            ("{list}", self.held.0.to_string()),
            ("rows/{id}", format!("rows/{}", self.held.1)),
            ("{source}", "population".into()),
            ("{pair}", self.pair.0.to_string()),
            ("{visit}", "999999".into()),
            ("{need}", "1".into()),
            ("{attachment}", "0190b2c4-7a5e-7c3d-8f21-0123456789ab".into()),
            ("{device}", "0190b2c4-7a5e-7c3d-8f21-0123456789ab".into()),
            ("{merge}", "1".into()),
            ("{clause}", "KZ-1a".into()),
            ("{report}", "D00000001".into()),
            ("{id}", "I-KZ1".into()),
            ("{session}", "999999".into()),
            ("{user}", "U00999999".into()),
            ("{identity}", "999999".into()),
            ("{grant}", "999999".into()),
            ("{consultation}", "999999".into()),
            ("{comment}", "999999".into()),
            ("{message}", "999999".into()),
            ("{bond}", "999999".into()),
            ("{number}", "2026-999999-00000".into()),
            ("{token}", "999999".into()),
            ("{webhook}", "999999".into()),
            ("{row}", "999999".into()),
            ("{rule}", "at_risk".into()),
        ];
        fill.iter().fold(route.to_owned(), |path, (hole, value)| path.replace(hole, value))
    }
}

/// The page's own words, without its frame.
pub fn said(answer: &Answer) -> String {
    let text = answer.text();
    text[text.find("<main").unwrap_or(0)..].to_owned()
}

pub fn cookie_of(answer: &Answer) -> String {
    let cookie = answer.header("set-cookie").expect("a cookie");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    cookie.split(';').next().unwrap_or_default().to_owned()
}

#[test]
fn every_route_answers_each_role_as_the_table_says() {
    let (_turn, house) = house();
    let authz = authz();
    let mut asked = 0;
    for account in &house.made {
        let cookie = house.sign_in(account);
        let mut session = night::desk().database.session().unwrap();
        let user = house.accounts.find(&mut session, &account.username).unwrap().unwrap();
        let kind = house.accounts.user(&mut session, user).unwrap().kind;
        let who = house.accounts.principal(&mut session, user, kind).unwrap();
        for (method, route, permission, about) in web::rights() {
            for person in [house.assigned, house.neighbour, house.stranger] {
                let home = all_homes().get(&person).copied();
                let may = match about {
                    web::About::Nothing => authz.decide(&who, permission, &Target::NOTHING).allowed,
                    web::About::Whole => {
                        authz.decide(&who, permission, &Target::division("6530".parse().unwrap())).allowed
                    }
                    web::About::Divisions if route.contains("{code}") => {
                        authz.decide(&who, permission, &Target::division(house.village)).allowed
                    }
                    web::About::Divisions if route.contains("{pair}") => {
                        let home = all_homes().get(&house.pair.1).copied();
                        authz.decide(&who, permission, &Target::person(house.pair.1, home)).allowed
                    }
                    web::About::Divisions if route.contains("rows/{id}") => {
                        let place = house.held.2.unwrap_or("6530".parse().unwrap());
                        authz.decide(&who, permission, &Target::division(place)).allowed
                    }
                    // The list speaks for the whole region: who lets it in answers for everyone in it.
                    web::About::Divisions if *permission == "list.release" => {
                        authz.decide(&who, permission, &Target::division("6530".parse().unwrap())).allowed
                    }
                    web::About::Divisions => !authz.scope(&who, permission).divisions.is_empty(),
                    web::About::People if route.contains("{person}") => {
                        authz.decide(&who, permission, &Target::person(person, home)).allowed
                    }
                    web::About::People | web::About::Accounts => !authz.scope(&who, permission).is_nothing(),
                };
                // A stream has no end to wait for: crate::api::stream.
                let prefixes: &[&str] = match *route {
                    "/api/v1/stream" => &[],
                    route if route.starts_with("/api/") => &[""],
                    _ => &["", "/en"],
                };
                let body = if method == "POST" { crate::api::body(route) } else { "" };
                for prefix in prefixes {
                    let path = format!("{prefix}{}", house.path(route, person));
                    let answer = house.send(method.as_str(), &path, &cookie, body);
                    asked += 1;
                    assert_eq!(
                        answer.status == 403,
                        !may,
                        "{} {method} {path} ({permission}): {}",
                        account.role,
                        answer.status
                    );
                    assert_ne!(answer.status, 500, "{} {method} {path}", account.role);
                }
                if !route.contains("{person}") {
                    break;
                }
            }
        }
    }
    assert!(asked > 500, "{asked}");
}

/// Where the night has everyone living.
pub fn all_homes() -> &'static BTreeMap<PersonId, DivisionCode> {
    static HOMES: OnceLock<BTreeMap<PersonId, DivisionCode>> = OnceLock::new();
    HOMES.get_or_init(|| {
        let desk = night::desk();
        let world = cycle::World::load(&desk.database, &desk.keys, &night::packs(), night::PACK).unwrap();
        let people = world.population.table("person").unwrap();
        let home = |row: usize| {
            let of = |key| people.get(row, key).as_text().and_then(|code| code.parse().ok());
            of("residence_division").or_else(|| of("hukou_division"))
        };
        people.ids().iter().enumerate().filter_map(|(row, id)| Some((PersonId(*id), home(row)?))).collect()
    })
}

/// A county officer decides, corrects and counts for the county: what belongs elsewhere is left out of every list and
/// export, and refused by its own address.
#[test]
fn questions_rows_and_counts_of_another_county_are_left_out_and_refused() {
    let (_turn, house) = house();
    let officer = house.made.iter().find(|account| account.role == "county_officer").unwrap();
    let cookie = house.sign_in(officer);
    let county = house.village.at(DivisionLevel::County).unwrap();
    let desk = night::desk();
    let mut session = desk.database.session().unwrap();
    let get = |path: &str| house.send("GET", path, &cookie, "");

    let ours = |person: &PersonId| all_homes().get(person).is_some_and(|home| county.contains(*home));
    let open = linking::open_pairs(&mut session).unwrap();
    let (near, far): (Vec<_>, Vec<_>) = open.iter().map(|open| &open.pair).partition(|pair| ours(&pair.person));
    assert!(!near.is_empty() && !far.is_empty(), "{} {}", near.len(), far.len());
    let queue = get("/d/linkage");
    assert_eq!(queue.status, 200);
    let named = |id: i64| {
        said(&queue).contains(&format!("/d/linkage/{id}\"")) || said(&queue).contains(&format!("/d/linkage/{id}?"))
    };
    assert!(near.iter().any(|pair| named(pair.id)) && !far.iter().any(|pair| named(pair.id)));
    for pair in far.iter().take(3) {
        let page = format!("/d/linkage/{}", pair.id);
        assert_eq!(get(&page).status, 403, "{page}");
        for path in [page.clone(), format!("{page}/undo")] {
            let decided = house.send("POST", &path, &cookie, "verdict=different&reason=x");
            assert_eq!(decided.status, 403, "{path}");
        }
    }

    // A row about someone of ours may stand in a list of another county, which we may not open: then it is no link.
    let lists = registry::ingest::all(&mut session).unwrap();
    let in_far_list = |pair: &&&linking::Pair| {
        let list = open.iter().find(|open| open.pair.id == pair.id).and_then(|open| open.list.as_ref());
        let list = list.and_then(|(_, id, _)| lists.iter().find(|list| list.list == Some(*id)));
        list.is_some_and(|list| !part::concerns(list, &[county]))
    };
    let far_listed: Vec<&&linking::Pair> = near.iter().filter(in_far_list).collect();
    for pair in near.iter().take(3).chain(far_listed.into_iter().take(3)) {
        let page = get(&format!("/d/linkage/{}", pair.id));
        assert_eq!(page.status, 200);
        for link in said(&page).split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            if link.starts_with("/d/lists/") {
                assert_eq!(get(link).status, 200, "{link} on the page of pair {}", pair.id);
            }
        }
    }

    let mut cut = 0;
    for list in &lists {
        let id = list.list.unwrap();
        let page = get(&format!("/d/lists/{id}"));
        let expected = if part::concerns(list, &[county]) { 200 } else { 403 };
        assert_eq!(page.status, expected, "{}", list.file_name);
        assert_eq!(get(&format!("/d/lists/{id}/faults.xlsx")).status, expected, "{}", list.file_name);
        let held = quarantine::of_list(&mut session, &desk.keys, id).unwrap();
        for line in held.iter().filter(|line| !line.division.is_some_and(|code| county.contains(code))) {
            let row = format!("/d/lists/{id}/rows/{}", line.id);
            assert!(expected == 403 || !said(&page).contains(&row), "{row}");
            assert_eq!(house.send("POST", &row, &cookie, "column=x&value=y").status, 403, "{row}");
            cut += 1;
        }
    }
    assert!(cut > 0);

    // What the county's page counts is what its parts hold, and less than the whole.
    let day = as_of();
    let first = day.with_day(1).unwrap();
    let own = part::between(&mut session, &[county], (first, day)).unwrap();
    let whole: u64 = lists.iter().filter(|list| own.contains_key(&list.list.unwrap())).map(|list| list.rows).sum();
    let rows: u64 = own.values().map(|part| part.rows).sum();
    assert!(0 < rows && rows < whole, "{rows} of {whole}");
    for path in ["/d/lists", "/d/quality", "/d/quality/population"] {
        assert!(said(&get(path)).contains("只算"), "{path} says whose rows it counts");
    }
    assert_eq!(get("/d/quality/export.xlsx").status, 200);
    assert_eq!(get("/d/quality/population/export.xlsx").status, 200);
}

#[test]
fn without_a_session_every_route_leads_to_the_door() {
    let (_turn, house) = house();
    for (method, route, ..) in web::rights() {
        for cookie in ["", "yilian-session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "yilian-session=x"] {
            let path = house.path(route, house.assigned);
            let answer = house.send(method.as_str(), &path, cookie, "");
            if *method == "GET" && !route.starts_with("/api/") {
                assert_eq!(answer.status, 303, "{path}");
                assert!(answer.header("location").is_some_and(|to| to.starts_with("/sign-in?back=")), "{path}");
            } else {
                assert_eq!(answer.status, 401, "{path}");
            }
        }
    }
}

#[test]
fn a_wrong_password_a_replayed_code_and_a_sign_out_let_nobody_in() {
    let (_turn, house) = house();
    let officer = house.made.iter().find(|account| account.role == "county_officer").unwrap();
    let wrong = house.send("POST", "/sign-in", "", &format!("name={}&password=wrong+one", officer.username));
    assert_eq!(wrong.status, 422);
    let nobody = house.send("POST", "/sign-in", "", "name=nobody&password=wrong+one");
    assert_eq!(nobody.status, 422);
    assert!(wrong.header("set-cookie").is_none() && nobody.header("set-cookie").is_none());

    let cookie = house.sign_in(officer);
    assert_eq!(house.send("GET", "/d/today", &cookie, "").status, 200);
    // The code just used, again.
    let form = format!("name={}&password={}", officer.username, officer.password.replace(' ', "+"));
    let half = cookie_of(&house.send("POST", "/sign-in", "", &form));
    assert_eq!(house.send("GET", "/d/today", &half, "").status, 303, "a half session opens nothing");
    let now = *house.clock.0.lock().unwrap();
    let replay = house.send("POST", "/sign-in/code", &half, &format!("code={}", officer.code_at(now).unwrap()));
    assert_eq!(replay.status, 422);

    assert_eq!(house.send("POST", "/sign-out", &cookie, "").status, 303);
    assert_eq!(house.send("GET", "/d/today", &cookie, "").status, 303, "the old cookie is worth nothing");
}

#[test]
fn a_form_without_the_token_of_its_session_changes_nothing() {
    let (_turn, house) = house();
    let officer = house.made.iter().find(|account| account.role == "county_officer").unwrap();
    let coordinator = house.made.iter().find(|account| account.role == "township_coordinator").unwrap();
    let (cookie, other) = (house.sign_in(officer), house.sign_in(coordinator));
    let path = format!("/d/people/{}/reveal", house.assigned);
    let (own, foreign) = (house.form_token(&cookie).unwrap(), house.form_token(&other).unwrap());
    assert_ne!(own, foreign);
    for form in ["purpose=visit".to_owned(), format!("_token={foreign}&purpose=visit"), "_token=&purpose=visit".into()]
    {
        let answer = house.send_bare("POST", &path, &cookie, &form);
        assert_eq!(answer.status, 403, "{form}");
        assert!(said(&answer).contains("开得太久"), "{form}");
    }
    assert_eq!(house.send_bare("POST", &path, &cookie, &format!("_token={own}&purpose=visit")).status, 200);
    let after = house.sign_in(officer);
    assert_eq!(house.send_bare("POST", &path, &after, &format!("_token={own}&purpose=visit")).status, 403, "replayed");
}

#[test]
fn what_is_masked_is_shown_for_a_purpose_and_the_look_is_kept() {
    let (_turn, house) = house();
    let officer = house.made.iter().find(|account| account.role == "county_officer").unwrap();
    let cookie = house.sign_in(officer);
    let page = format!("/d/people/{}", house.assigned);
    let desk = night::desk();
    let identity = registry::people::identity(&mut desk.database.session().unwrap(), &desk.keys, house.assigned);
    let number = identity.unwrap().unwrap().id_number;
    assert!(!house.send("GET", &page, &cookie, "").text().contains(&number));
    let none = house.send("POST", &format!("{page}/reveal"), &cookie, "purpose=");
    assert_eq!(none.status, 303, "without a purpose nothing is shown");
    let shown = house.send("POST", &format!("{page}/reveal"), &cookie, "purpose=visit");
    assert_eq!(shown.status, 200);
    assert!(shown.text().contains(&number));
    assert_eq!(shown.header("cache-control"), Some("no-store"));
    let looks = house.send("GET", &format!("{page}/looks"), &cookie, "").text();
    assert!(looks.contains("上门或电话探访"), "{looks}");
}

#[test]
fn an_invitation_sets_a_password_once() {
    let (_turn, house) = house();
    let mut session = night::desk().database.session().unwrap();
    let new = NewUser {
        username: "zhang.san".into(),
        display_name: "张三".into(),
        kind: accounts::authz::Kind::Volunteer,
        phone: None,
        division: "6530".parse().unwrap(),
        grants: Vec::new(),
    };
    let link = house.accounts.invite(&mut session, Actor::Command, &new).unwrap();
    let path = format!("/invite/{}", link.token.reveal());
    assert!(house.send("GET", &path, "", "").text().contains("zhang.san"));
    let short = house.send("POST", &path, "", "password=short&again=short");
    assert_eq!(short.status, 422);
    let good = "password=the+river+bends+twice+at+dusk&again=the+river+bends+twice+at+dusk";
    assert_eq!(house.send("POST", &path, "", good).status, 303);
    assert_eq!(house.send("GET", &path, "", "").status, 410);
    let entered = house.send("POST", "/sign-in", "", "name=zhang.san&password=the+river+bends+twice+at+dusk");
    assert_eq!(entered.status, 303);
    assert_eq!(house.send("GET", "/d/today", &cookie_of(&entered), "").status, 403, "no role yet");
}

#[test]
fn only_names_of_the_service_are_answered() {
    let (_turn, house) = house();
    for (host, status) in [("yilian.example", 200), ("yilian.example:8443", 200), ("evil.example", 421)] {
        let answer = ask(house.address, "GET", "/sign-in", &[("host", host)], &[]);
        assert_eq!(answer.status, status, "{host}");
    }
}
