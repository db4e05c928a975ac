//! The field's endpoints as a phone, an impostor and a bomb would ask them.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use kernel::PersonId;
use serde_json::{Value as Json, json};

use crate::client::{Answer, ask};
use crate::door::{House, house};

struct Phone<'h> {
    house: &'h House,
    cookie: String,
    device: String,
}

fn id(n: u64) -> String {
    format!("0190b2c4-7a5e-7c3d-8f21-{n:012x}")
}

impl<'h> Phone<'h> {
    fn of(house: &'h House, role: &str, device: u64) -> Self {
        let account = house.made.iter().find(|account| account.role == role).unwrap();
        Self { house, cookie: house.sign_in(account), device: id(device) }
    }

    fn send(&self, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let (host, origin) = (self.house.address.to_string(), format!("http://{}", self.house.address));
        let mut all = vec![("host", host.as_str()), ("origin", &origin), ("cookie", &self.cookie)];
        all.push((
            "content-type",
            if path.contains("/attachments/") { "application/octet-stream" } else { "application/json" },
        ));
        all.extend(headers);
        ask(self.house.address, "POST", path, &all, body)
    }

    fn now(&self) -> String {
        self.house.clock.0.lock().unwrap().to_rfc3339()
    }

    fn pull(&self, cursor: i64) -> Json {
        let body = json!({ "device": self.device, "sent_at": self.now(), "cursor": cursor }).to_string();
        let answer = self.send("/f/sync/pull", &[], body.as_bytes());
        assert_eq!(answer.status, 200, "{}", answer.text());
        serde_json::from_slice(&answer.body).unwrap()
    }

    fn push(&self, operations: &[Json]) -> Json {
        let body = json!({ "device": self.device, "sent_at": self.now(), "operations": operations }).to_string();
        let answer = self.send("/f/sync/push", &[], body.as_bytes());
        assert_eq!(answer.status, 200, "{}", answer.text());
        serde_json::from_slice::<Json>(&answer.body).unwrap()["receipts"].clone()
    }

    fn visit(&self, n: u64, person: PersonId, note: &str) -> Json {
        let ok = json!({ "state": "ok" });
        json!({
            "id": id(n), "seq": n, "at": self.now(), "kind": "visit",
            "body": {
                "person": person.to_string(), "visit_kind": "home", "began_at": self.now(), "met": true,
                "checks": { "food": ok, "clothes": ok, "housing": { "state": "mind", "signs": ["no_handrail"] }, "health": ok },
                "helps": ["errands"], "needs": [{ "need": "adaptation", "wants": true }], "note": note,
            }
        })
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

#[test]
fn a_phone_takes_its_people_along_and_each_look_is_written_down() {
    let (_turn, house) = house();
    let phone = Phone::of(house, "visitor", 0xa1);
    let given = phone.pull(0);
    let people = given["people"].as_array().unwrap();
    assert_eq!(people.len(), 1);
    assert_eq!(people[0]["id"], house.assigned.to_string());
    assert!(!people[0]["name"].as_str().unwrap().contains('*'), "a visitor calls people by their name");
    assert_eq!(given["forms"]["visit"]["checks"].as_array().unwrap().len(), 4);
    assert_eq!(given["forms"]["scale"]["items"].as_array().unwrap().len(), 26);
    let next = phone.pull(given["cursor"].as_i64().unwrap());
    assert_eq!(next["people"], json!([]), "nothing changed");
    let officer = Phone::of(house, "county_officer", 0xa2);
    let page = format!("/d/people/{}/looks", house.assigned);
    let looks = house.send("GET", &page, &officer.cookie, "").text();
    assert!(looks.contains("名单带到走访手机上"), "{looks}");
}

#[test]
fn what_is_handed_in_twice_counts_once_and_shows_at_the_desk_as_text() {
    let (_turn, house) = house();
    let phone = Phone::of(house, "visitor", 0xb1);
    let visit = phone.visit(0xb10, house.assigned, "<script>alert(1)</script> 药快完");
    let first = phone.push(std::slice::from_ref(&visit));
    assert_eq!((&first[0]["outcome"], &first[0]["already"]), (&json!("applied"), &json!(false)), "{first}");
    let again = phone.push(&[visit]);
    assert_eq!((&again[0]["outcome"], &again[0]["already"]), (&json!("applied"), &json!(true)));
    let officer = Phone::of(house, "county_officer", 0xb2);
    let page = house.send("GET", &format!("/d/people/{}", house.assigned), &officer.cookie, "").text();
    assert_eq!(page.matches("药快完").count(), 1, "one visit");
    assert!(page.contains("&lt;script&gt;") && !page.contains("<script>alert"), "text stays text");
    let needs = house.send("GET", "/d/visits/needs", &officer.cookie, "").text();
    assert!(needs.contains("适老化改造"), "{needs}");
}

#[test]
fn nobody_records_for_people_who_are_not_theirs() {
    let (_turn, house) = house();
    let phone = Phone::of(house, "visitor", 0xc1);
    for (n, person) in [(0xc10, house.neighbour), (0xc11, house.stranger), (0xc12, PersonId(99_999_999))] {
        let receipts = phone.push(&[phone.visit(n, person, "")]);
        assert_eq!(receipts[0]["outcome"], "refused", "{person}: {receipts}");
    }
    let assessor = Phone::of(house, "assessor", 0xc2);
    let receipts = assessor.push(&[assessor.visit(0xc13, house.assigned, "")]);
    assert_eq!(receipts[0]["code"], "not_allowed", "an assessor records no visits");
    let supervisor = Phone::of(house, "administrator", 0xc3);
    let body = json!({ "device": id(0xc3), "sent_at": supervisor.now(), "operations": [] }).to_string();
    assert_eq!(supervisor.send("/f/sync/push", &[], body.as_bytes()).status, 403);
}

#[test]
fn a_device_is_its_owners_and_a_lost_one_is_told_to_forget() {
    let (_turn, house) = house();
    let phone = Phone::of(house, "visitor", 0xd1);
    phone.pull(0);
    let thief = Phone { device: phone.device.clone(), ..Phone::of(house, "assessor", 0xd2) };
    let body = json!({ "device": thief.device, "sent_at": thief.now(), "operations": [] }).to_string();
    assert_eq!(thief.send("/f/sync/push", &[], body.as_bytes()).status, 409);
    let officer = Phone::of(house, "county_officer", 0xd3);
    let lost = house.send("POST", &format!("/d/visits/phones/{}", phone.device), &officer.cookie, "state=lost");
    assert_eq!(lost.status, 303, "{}", lost.text());
    let body = json!({ "device": phone.device, "sent_at": phone.now(), "cursor": 0 }).to_string();
    assert_eq!(phone.send("/f/sync/pull", &[], body.as_bytes()).status, 410);
    let asked =
        ask(house.address, "GET", &format!("/f/lost/{}", phone.device), &[("host", &house.address.to_string())], &[]);
    assert_eq!(asked.status, 410, "whoever is signed out hears it too");
}

#[test]
fn hostile_bodies_are_refused_and_nothing_breaks() {
    let (_turn, house) = house();
    let phone = Phone::of(house, "visitor", 0xe1);
    let bomb = gzip(&vec![b' '; 200 << 20]);
    let deep = "[".repeat(100_000);
    let mut broken = gzip(b"{\"device\":1}");
    broken.truncate(9);
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::fast());
    zlib.write_all(json!({ "device": phone.device, "sent_at": phone.now(), "operations": [] }).to_string().as_bytes())
        .unwrap();
    let zlib = zlib.finish().unwrap();
    let large = vec![b'x'; 3 << 20];
    let cases: [(&[u8], &str, u16); 9] = [
        (&bomb, "gzip", 413),
        (&large, "identity", 413),
        (&broken, "gzip", 400),
        (deep.as_bytes(), "identity", 400),
        (b"\xff\xfe\x00", "identity", 400),
        (b"{}", "br", 415),
        (b"{\"device\":\"../../etc\",\"sent_at\":\"2026-11-20T00:00:00Z\",\"operations\":[]}", "identity", 400),
        (b"", "identity", 400),
        (&zlib, "deflate", 200),
    ];
    for (body, packing, status) in cases {
        let answer = phone.send("/f/sync/push", &[("content-encoding", packing)], body);
        assert_eq!(answer.status, status, "{packing} {:?}: {}", &body[..body.len().min(20)], answer.text());
    }
    let many: Vec<Json> = (0..60).map(|n| phone.visit(0xe100 + n, house.assigned, "")).collect();
    let body = json!({ "device": phone.device, "sent_at": phone.now(), "operations": many }).to_string();
    assert_eq!(phone.send("/f/sync/push", &[], body.as_bytes()).status, 413);
    // A form of another site, and one of a browser that says nothing of where it comes from.
    let host = house.address.to_string();
    for headers in [vec![("origin", "http://evil.example")], vec![]] {
        let mut all =
            vec![("host", host.as_str()), ("cookie", phone.cookie.as_str()), ("content-type", "application/json")];
        all.extend(headers);
        assert_eq!(ask(house.address, "POST", "/f/sync/push", &all, b"{}").status, 403);
    }
}

/// A zero byte in a text came as far as the database, and everything behind it stayed on the phone.
#[test]
fn a_text_with_a_zero_byte_is_refused_and_what_comes_behind_it_is_taken() {
    let (_turn, house) = house();
    let phone = Phone::of(house, "visitor", 0xe2);
    let mut bad = phone.visit(0xe200, house.assigned, "");
    bad["body"]["visit_kind"] = json!("ho\0me");
    let receipts = phone.push(&[bad, phone.visit(0xe201, house.assigned, "behind it")]);
    assert_eq!(
        (&receipts[0]["outcome"], &receipts[0]["code"]),
        (&json!("refused"), &json!("unreadable")),
        "{receipts}"
    );
    assert_eq!(receipts[1]["outcome"], "applied", "{receipts}");
}

#[test]
fn a_photo_comes_in_chunks_and_is_shown_alone() {
    let (_turn, house) = house();
    let phone = Phone::of(house, "visitor", 0xf1);
    let mut photo = b"\xff\xd8\xff\xe0".to_vec();
    photo.extend(std::iter::repeat_n(7_u8, 3000));
    let digest = care::attachments::digest(&photo);
    let path = |offset: usize, of: &str, digest: &str| {
        let sent_at = phone.now().replace('+', "%2B");
        format!(
            "/f/sync/attachments/{}?device={}&sent_at={sent_at}&kind={of}&bytes={}&sha256={digest}&offset={offset}",
            id(0xf10),
            phone.device,
            photo.len()
        )
    };
    let half = phone.send(&path(0, "photo", &digest), &[], &photo[..1500]);
    assert_eq!((half.status, half.text().as_str()), (200, "{\"received\":1500,\"whole\":false}"));
    let mut visit = phone.visit(0xf11, house.assigned, "");
    visit["body"]["attachments"] = json!([id(0xf10)]);
    phone.push(&[visit]);
    let whole = phone.send(&path(1500, "photo", &digest), &[], &photo[1500..]);
    assert_eq!(whole.text(), "{\"received\":3004,\"whole\":true}");
    for bad in [path(0, "film", &digest), path(0, "photo", "zz"), path(0, "photo", &"ä".repeat(32))] {
        assert_eq!(phone.send(&bad, &[], b"x").status, 400, "{bad}");
    }
    let officer = Phone::of(house, "county_officer", 0xf2);
    let page = house.send("GET", &format!("/d/people/{}", house.assigned), &officer.cookie, "");
    let text = page.text();
    let link = text.split("src=\"").filter_map(|rest| rest.split('"').next()).find(|link| link.contains("/files/"));
    let shown = house.send("GET", link.expect("the photo is on the page"), &officer.cookie, "");
    assert_eq!((shown.status, shown.header("content-type")), (200, Some("image/jpeg")));
    assert_eq!(shown.header("content-security-policy"), Some("default-src 'none'; sandbox"));
    assert!(shown.body == photo);
    let other = Phone::of(house, "assessor", 0xf3);
    assert_eq!(house.send("GET", link.unwrap(), &other.cookie, "").status, 403);
}

#[test]
fn a_coordinator_gives_a_village_and_takes_one_person_back() {
    let (_turn, house) = house();
    let coordinator = Phone::of(house, "township_coordinator", 0x91);
    let visitor = Phone::of(house, "visitor", 0x92);
    let mut session = crate::night::desk().database.session().unwrap();
    let user = house.accounts.find(&mut session, "demo-visitor").unwrap().unwrap();
    let before = visitor.pull(0)["people"].as_array().unwrap().len();
    let form = format!("village={}&user={user}&whole=1", house.village);
    let given = house.send("POST", "/d/visits/assign", &coordinator.cookie, &form);
    assert_eq!(given.status, 303, "{}", given.text());
    let after = visitor.pull(0);
    assert!(after["people"].as_array().unwrap().len() > before);
    let gone = after["people"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p["id"].as_str().unwrap())
        .find(|p| *p != house.assigned.to_string());
    let gone = gone.unwrap().to_owned();
    *house.clock.0.lock().unwrap() += chrono::Duration::minutes(5);
    let form = format!("village={}&take+{gone}+{user}=1", house.village);
    assert_eq!(house.send("POST", "/d/visits/assign", &coordinator.cookie, &form).status, 303);
    let next = visitor.pull(after["cursor"].as_i64().unwrap());
    assert_eq!(next["forget"], json!([gone]), "the phone is told to forget");
    // What was done before it was taken away still counts; what comes after does not.
    let person: PersonId = gone.parse().unwrap();
    let mut before = visitor.visit(0x920, person, "");
    let earlier = *house.clock.0.lock().unwrap() - chrono::Duration::minutes(2);
    before["body"]["began_at"] = json!(earlier.to_rfc3339());
    assert_eq!(visitor.push(&[before])[0]["outcome"], "applied");
    *house.clock.0.lock().unwrap() += chrono::Duration::minutes(10);
    assert_eq!(visitor.push(&[visitor.visit(0x921, person, "")])[0]["code"], "not_allowed");
    // Back to how the other tests expect it.
    for person in after["people"].as_array().unwrap() {
        let person = person["id"].as_str().unwrap();
        if person != house.assigned.to_string() {
            let form = format!("village={}&take+{person}+{user}=1", house.village);
            house.send("POST", "/d/visits/assign", &coordinator.cookie, &form);
        }
    }
}
