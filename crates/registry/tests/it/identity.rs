//! Who people are stays sealed: on disk, in errors, in reports.

use std::collections::BTreeSet;

use kernel::PersonId;
use registry::people::{NameIndex, by_phone, identity};
use store::ValueRef;

use crate::desk::{Desk, VILLAGE, desk, desks, number, person, village};

/// Every text and blob of every table of the registry, blobs as they lie there.
fn at_rest(desk: &Desk<'_>) -> Vec<Vec<u8>> {
    let mut session = desk.session();
    let mut found = Vec::new();
    for table in ["list", "layout", "person", "person_past", "thing", "statement", "held_row", "visit", "audit"] {
        for row in session.query(&format!("SELECT * FROM {table}"), &[]).unwrap_or_default() {
            for column in 0..row.len() {
                match row.get(column).unwrap() {
                    ValueRef::Text(text) => found.push(text.as_bytes().to_vec()),
                    ValueRef::Blob(blob) => found.push(blob.to_vec()),
                    _ => {}
                }
            }
        }
    }
    found
}

fn holds(haystack: &[Vec<u8>], needle: &str) -> bool {
    haystack.iter().any(|text| text.windows(needle.len()).any(|w| w == needle.as_bytes()))
}

#[test]
fn no_identity_and_no_answer_lies_open_in_the_database() {
    desks(|desk| {
        let mut rows = village(4);
        rows[3] = rows[3].replace("柯尔克孜族", "火星族");
        desk.population("2026-10-01", &rows);
        rows[0] = person(1, "改名的人", VILLAGE);
        desk.population("2026-10-02", &rows);
        let row = format!("{},另一个名字,2026-09-01,2,,54,19,10,20,5,是", number(2));
        let header = "公民身份号码,姓名,评估日期,能力等级,有效期至,总分,自理能力,基础运动能力,精神状态,感知觉与社会参与,确诊痴呆";
        desk.accept("ability_assessments_2026-10-03.csv", header, &[row]);
        let row = format!("{},独居,甲3,139112233445", number(3));
        desk.accept("village_survey_2026-10-03.csv", "公民身份号码,居住情况,姓名,联系电话", &[row]);
        let row = format!("{},甲1,{},远方亲戚,女儿", number(1), number(99));
        desk.accept("kin_2026-10-03.csv", "公民身份号码,姓名,亲属公民身份号码,亲属姓名,与本人关系", &[row]);
        let at_rest = at_rest(desk);
        assert!(holds(&at_rest, VILLAGE), "classes are plain");
        let numbers: Vec<String> = [1, 2, 3, 4, 99].map(number).into();
        let names = [
            "甲1",
            "甲2",
            "甲3",
            "甲4",
            "改名的人",
            "另一个名字",
            "远方亲戚",
            "巷子 1 号",
            "13999000001",
            "139112233445",
        ];
        for secret in numbers.iter().map(String::as_str).chain(names) {
            assert!(!holds(&at_rest, secret), "{secret} lies open");
        }
        let mut session = desk.session();
        let payloads = session.query("SELECT payload FROM statement WHERE payload LIKE '%54%' AND layout IN (SELECT id FROM layout WHERE source = 'ability_assessments')", &[]).unwrap();
        assert!(payloads.is_empty(), "scores are answers");
    });
}

#[test]
fn reports_and_errors_show_no_identity() {
    desk(|desk| {
        desk.population("2026-10-01", &village(2));
        let wrong = number(1).replace("6530", "6531");
        let rows = vec![
            format!("{wrong},甲1,2021-04-01"),
            format!("{},甲9,2021-04-01", number(9)),
            format!("{},甲2,{}", number(2), number(2)),
        ];
        let report = desk.accept("low_income_2026-10-02.csv", "公民身份号码,姓名,享受起始日期", &rows);
        assert_eq!(report.faults.len(), 3);
        let told = format!("{report:?} {}", serde_json::to_string(&report).unwrap());
        for secret in [wrong, number(2), number(9), "甲1".to_owned(), "甲9".to_owned()] {
            assert!(!told.contains(&secret), "{secret} is told");
        }
        let who = identity(&mut desk.session(), &desk.keys, desk.id(1)).unwrap().unwrap();
        assert!(!format!("{who:?}").contains("甲1"));
        let other = store::Keys::generate();
        let fault = identity(&mut desk.session(), &other, desk.id(1)).unwrap_err();
        assert!(!fault.to_string().contains("甲"));
    });
}

#[test]
fn people_are_found_by_number_phone_and_name() {
    desks(|desk| {
        desk.population("2026-10-01", &village(3));
        let mut session = desk.session();
        assert_eq!(by_phone(&mut session, &desk.keys, "+86 139-9900-0002").unwrap(), [PersonId(2)]);
        let who = identity(&mut session, &desk.keys, PersonId(2)).unwrap().unwrap();
        assert_eq!((who.name.as_str(), who.address.as_str(), who.row), ("甲2", "巷子 2 号", 3));
        assert_eq!(who.masked_phone(), "139******02");
        let snapshot = desk.snapshot("2026-10-02");
        let names = NameIndex::build(&mut session, &desk.keys, snapshot.population.table("person")).unwrap();
        let found = |text: &str, scope: &str| {
            let scope: Vec<_> = scope.parse().into_iter().collect();
            names.search(text, &scope).iter().map(|at| names.found(*at).person.0).collect::<BTreeSet<_>>()
        };
        assert_eq!(found("甲", "653001").len(), 3);
        assert_eq!(found("jia3", ""), BTreeSet::from([3]));
        assert!(found("甲", "653022").is_empty());
        assert_eq!(found(&number(1)[14..], ""), BTreeSet::from([1]));
    });
}

#[test]
fn a_changed_name_is_followed_and_the_old_one_kept() {
    desks(|desk| {
        desk.population("2026-10-01", &village(2));
        let mut rows = village(2);
        rows[0] = person(1, "改名的人", VILLAGE);
        let report = desk.population("2026-11-01", &rows);
        assert_eq!(report.changed, 0, "no fact has changed");
        let mut session = desk.session();
        assert_eq!(identity(&mut session, &desk.keys, PersonId(1)).unwrap().unwrap().name, "改名的人");
        let past = session.query("SELECT person FROM person_past", &[]).unwrap();
        assert_eq!(past.len(), 1);
    });
}

#[test]
fn keys_can_be_changed_under_everything_sealed() {
    desks(|desk| {
        let mut rows = village(3);
        rows[2] = rows[2].replace("柯尔克孜族", "火星族");
        desk.population("2026-10-01", &rows);
        desk.accept(
            "low_income_2026-10-02.csv",
            "公民身份号码,姓名",
            &[format!("{},不同名", number(1)), format!("{},甲9", number(9))],
        );
        let mut session = desk.session();
        let rotated = store::keys::rotate(&mut session, &desk.keys, registry::RESEALERS, &mut |_, _| ()).unwrap();
        assert!(rotated.indexed >= 4, "{rotated:?}");
        assert_eq!(desk.id(1).0, 1, "the blind index still finds people");
        let again = desk.population("2026-10-03", &rows);
        assert_eq!(again.unchanged, 2, "identities compare as before");
    });
}
