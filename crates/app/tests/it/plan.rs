//! The plan's own housekeeping: evidence of duties, the official document.

use std::fs;

use crate::home::Home;

#[test]
fn a_duty_is_reported_listed_and_withdrawn_and_the_trail_holds() {
    let home = Home::new();
    let list = home.succeed(&["duty", "list", "--as-of", "2026-11-20"]);
    let duty = list.lines().find(|line| line.contains("overdue")).expect("a duty is past its day");
    let clause = duty.split_whitespace().next().unwrap();
    let report = ["--done-on", "2024-12-01", "--done-by", "civil affairs", "--by", "Zhang"];
    let done = home
        .succeed(&[&["duty", "report", clause, "--evidence", "minutes", "--file", "2024-12"], &report[..]].concat());
    assert!(done.starts_with("D00000001"), "{done}");
    let list = home.succeed(&["duty", "list", "--as-of", "2026-11-20"]);
    assert!(list.contains("done 2024-12-01") && list.contains("minutes") && list.contains("Zhang"), "{list}");

    let refused = home.run(&[&["duty", "report", "KZ-5d", "--evidence", " "], &report[..]].concat());
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(
        !refused.status.success() && said.contains("KZ-5d is no duty") && said.contains("evidence is missing"),
        "{said}"
    );

    home.succeed(&["duty", "withdraw", "D00000001", "--reason", "wrong clause", "--by", "Li"]);
    let list = home.succeed(&["duty", "list", "--as-of", "2026-11-20", "--json"]);
    let duties: Vec<serde_json::Value> = serde_json::from_str(&list).unwrap();
    let duty = duties.iter().find(|duty| duty["clause"] == clause).unwrap();
    assert_eq!((&duty["state"], &duty["reports"][0]["withdrawn"]["by"]), (&"overdue".into(), &"Li".into()));
    assert!(!home.run(&["duty", "withdraw", "1", "--reason", "again", "--by", "Li"]).status.success());
    assert!(home.succeed(&["audit", "verify"]).contains("Nothing was changed"));
}

#[test]
fn a_document_is_attached_kept_and_read_by_clause() {
    let home = Home::new();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plan.txt");
    fs::write(&file, "方案\n为了老人。\n一、总体要求\n二、重点工作\n(二)机制\n5.探访。\n三、保障\n").unwrap();
    let attach = |file: &std::path::Path, more: &[&str]| {
        home.run(&[&["pack", "document", "attach", "kizilsu-2024", file.to_str().unwrap()], more].concat())
    };
    let said = String::from_utf8(attach(&file, &[]).stdout).unwrap();
    assert!(said.contains("SHA-256") && said.contains("clauses with a place"), "{said}");
    assert!(home.succeed(&["pack", "document", "show", "kizilsu-2024"]).contains("plan.txt"));
    let kept = home.path().join("documents/kizilsu-2024");
    assert_eq!(fs::read_dir(&kept).unwrap().count(), 2, "the document and its record");

    let word = folder.path().join("plan.docx");
    fs::write(&word, b"PK\x03\x04\x00\x00").unwrap();
    let refused = attach(&word, &[]);
    assert!(
        !refused.status.success() && String::from_utf8_lossy(&refused.stderr).contains("neither a PDF nor plain text")
    );
    let refused = attach(&file, &["--page", "KZ-99=3"]);
    assert!(!refused.status.success() && String::from_utf8_lossy(&refused.stderr).contains("no clause KZ-99"));
    assert!(home.succeed(&["pack", "document", "show", "kizilsu-2024"]).contains("plan.txt"), "the earlier one stays");
    assert!(home.succeed(&["audit", "verify"]).contains("Nothing was changed"));
}
