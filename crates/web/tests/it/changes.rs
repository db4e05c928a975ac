//! Correcting a row and trying a draft, as a reader would.

use registry::quarantine;

use crate::client::{get, post, upload};
use crate::night::{desk, packs};

#[test]
fn a_corrected_row_is_taken_in_and_a_wrong_one_says_why() {
    let desk = desk();
    let mut session = desk.database.session().unwrap();
    let lists = registry::ingest::all(&mut session).unwrap();
    let mut tried = None;
    for report in lists.iter().filter(|r| r.faulty > 0) {
        let list = report.list.unwrap();
        let held = quarantine::of_list(&mut session, &desk.keys, list).unwrap();
        let date = |f: &registry::rows::RowFault| matches!(f.code.name(), "date_shape" | "date_no_such_day");
        let row = held.iter().find(|line| line.faults.len() == 1 && date(&line.faults[0]) && !line.unlinked);
        tried = tried.or_else(|| row.map(|line| (list, line.id, line.row, line.faults[0].column.clone())));
    }
    let (list, id, row, column) = tried.expect("the invented lists hold a wrong date");
    let column: String = column.bytes().map(|b| format!("%{b:02X}")).collect();
    let path = format!("/d/lists/{list}/rows/{id}");
    let wrong = post(desk.address, &path, &format!("column={column}&value=2026-02-30"));
    assert_eq!(wrong.status, 422);
    assert!(wrong.text().contains("还不对"));
    let right = post(desk.address, &path, &format!("column={column}&value=2001-02-03"));
    assert_eq!(right.status, 303, "{}", right.text());
    let target = right.header("location").unwrap();
    assert_eq!(target, format!("/d/lists/{list}?saved={row}"));
    assert!(get(desk.address, target).text().contains("改好了"));
    assert_eq!(post(desk.address, &path, &format!("column={column}&value=2001-02-03")).status, 409, "it waits no more");
}

#[test]
fn a_draft_shows_gains_and_losses_and_its_faults() {
    let desk = desk();
    let form = get(desk.address, "/d/policy/what-if");
    assert!(form.text().contains("multipart/form-data"));
    let classes = std::fs::read_to_string(packs().join("kizilsu-2024/parameters/classes.toml")).unwrap();
    let at = classes.find("id = \"oldest_old_age\"").unwrap();
    let changed = format!("{}{}", &classes[..at], classes[at..].replacen("value = 80", "value = 70", 1));
    assert_ne!(changed, classes);
    let answer = upload(desk.address, "/d/policy/what-if", &[("classes.toml", &changed)]);
    assert_eq!(answer.status, 200);
    assert!(answer.text().contains("高龄"), "the class that grows is named: {}", answer.text());
    assert!(answer.text().contains("class=\"wif-p\""), "people of the winning side are shown");
    let broken = upload(desk.address, "/en/d/policy/what-if", &[("classes.toml", "[[parameter]\n")]);
    assert_eq!(broken.status, 200);
    assert!(broken.text().contains("nothing was tried") && broken.text().contains("classes.toml"));
    assert_eq!(upload(desk.address, "/d/policy/what-if", &[("x.exe", "MZ")]).status, 400);
}
