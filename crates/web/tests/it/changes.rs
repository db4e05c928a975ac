//! Correcting a row and trying a draft, as a reader would.

use std::collections::BTreeMap;

use performance::document::{self, Attaching};
use registry::quarantine;

use crate::client::{get, post, upload};
use crate::night::{PACK, as_of, desk, packs, serve};

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

#[test]
fn a_duty_is_reported_on_the_plan_page_and_taken_back() {
    let desk = desk();
    let pack = policy::load(&packs(), PACK).unwrap();
    let duty = pack.clauses.iter().find(|c| c.state == policy::model::ClauseState::Duty).unwrap().id.clone();
    let page = format!("/d/plan?at={duty}");
    let action = format!("/d/plan/duties/{duty}");
    assert!(get(desk.address, &page).text().contains(&format!("action=\"{action}\"")));

    let empty = post(desk.address, &action, "done_on=2026-11-21&done_by=&evidence=+&by=%E5%BC%A0");
    assert_eq!(empty.status, 422);
    for cause in ["2026-11-21 还没到", "没写谁办的", "没写凭证"] {
        assert!(empty.text().contains(cause), "{cause}: every fault at once");
    }
    assert_eq!(post(desk.address, "/d/plan/duties/KZ-5d", "done_on=2025-01-05&done_by=a&evidence=b&by=c").status, 404);

    let filled =
        "done_on=2025-01-05&done_by=%E5%B7%9E%E6%B0%91%E6%94%BF%E5%B1%80&evidence=filed+%3Cb%3E&file=2025-1&by=Zhang";
    let done = post(desk.address, &action, filled);
    assert_eq!(done.status, 303, "{}", done.text());
    let target = done.header("location").unwrap().to_owned();
    let shown = get(desk.address, target.split('#').next().unwrap()).text();
    assert!(
        shown.contains("2025-01-05 办成") && shown.contains("州民政局") && shown.contains("filed &lt;b&gt;"),
        "{shown}"
    );
    let withdraw =
        shown.split("action=\"").filter_map(|rest| rest.split('"').next()).find(|a| a.ends_with("/withdraw"));
    let withdraw = withdraw.expect("a report can be taken back").to_owned();
    assert_eq!(post(desk.address, &withdraw, "reason=&by=Li").status, 422);
    assert_eq!(post(desk.address, &withdraw, "reason=wrong+clause&by=Li").status, 303);
    assert_eq!(post(desk.address, &withdraw, "reason=again&by=Li").status, 409, "it is withdrawn already");
    let shown = get(desk.address, &page).text();
    assert!(
        shown.contains("wrong clause") && !shown.contains("2025-01-05 办成"),
        "it stays on record and counts no more"
    );

    let trail = store::audit::verify(&mut desk.database.session().unwrap(), &desk.keys).unwrap();
    assert!(trail.faults.is_empty());
}

#[test]
fn a_clause_leads_to_its_place_in_the_attached_document() {
    let desk = desk();
    // Its own address: other tests walk the pages of a desk without a document.
    let folder = tempfile::tempdir().unwrap();
    let documents = folder.path().join("documents");
    let address = serve(desk.database.clone(), desk.keys.clone(), documents.clone());
    let (none, read) = (get(address, "/d/plan").text(), "/d/plan/document?clause=KZ-5d");
    assert!(none.contains("yilian pack document attach"));
    assert_eq!(get(address, read).status, 404);

    let pack = policy::load(&packs(), PACK).unwrap();
    let text = folder.path().join("plan.txt");
    let lines = "方案\n为了老人。\n一、总体要求\n二、重点工作\n(一)清单\n(二)机制\n4.共享。\n5.探访<关爱>。\n6.救助。\n三、保障\n";
    std::fs::write(&text, lines).unwrap();
    let mut session = desk.database.session().unwrap();
    let how = Attaching { at: as_of().and_hms_opt(9, 0, 0).unwrap().and_utc(), on: as_of(), by: "Zhang" };
    let mut attach = |file: &std::path::Path, pages| {
        document::attach((&mut session, &desk.keys), &documents, &pack, file, pages, &how).unwrap()
    };
    attach(&text, BTreeMap::new());
    assert!(get(address, "/d/plan?at=KZ-5d").text().contains("/d/plan/document?clause=KZ-5d#place"));
    let page = get(address, read);
    assert!(page.text().contains("<p id=\"place\"><mark>5.探访&lt;关爱&gt;。</mark></p>"), "{}", page.text());
    assert!(!page.text().contains("<mark>6."));
    let whole = get(address, "/d/plan/document/file");
    assert_eq!((whole.text().as_str(), whole.header("content-type")), (lines, Some("text/plain; charset=utf-8")));

    let pdf = folder.path().join("plan.pdf");
    std::fs::write(&pdf, b"%PDF-1.4\n1 0 obj\n%%EOF\n").unwrap();
    attach(&pdf, BTreeMap::from([("KZ-5".to_owned(), 4)]));
    let plan = get(address, "/en/d/plan?at=KZ-5d").text();
    assert!(plan.contains("/en/d/plan/document/file#page=4") && plan.contains("plan.pdf"));
    assert!(get(address, "/d/plan/document?clause=KZ-6b").text().contains("二（三）6"), "section and item are named");
    let whole = get(address, "/d/plan/document/file");
    assert_eq!(whole.header("content-type"), Some("application/pdf"));
    assert!(whole.header("content-security-policy").is_some_and(|p| p.contains("frame-ancestors 'none'")));
}
