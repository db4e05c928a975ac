//! What goes wrong in an office: clear words, nothing lost, nothing half done.

use std::fs;

use crate::home::{Home, lists};

#[test]
fn a_faulty_inbox_spoils_nothing() {
    let home = Home::new();
    home.receive(&lists().0);
    let inbox = home.path().join("inbox");
    fs::write(inbox.join("destitute_2026-11-19.csv"), "").unwrap();
    fs::write(inbox.join("low_income_2026-11-19.csv"), "甲,乙\n1,2\n").unwrap();
    fs::write(inbox.join("deaths_2026-11-19.xlsx"), b"PK\x03\x04 not a workbook").unwrap();
    fs::write(inbox.join("holiday plans.csv"), "a,b\n1,2\n").unwrap();
    let summary: serde_json::Value =
        serde_json::from_str(&home.succeed(&["cycle", "--allow-future", "--as-of", "2026-11-20", "--json"])).unwrap();
    assert_eq!(summary["lists"]["refused"], 4, "{}", summary["lists"]);
    let mut left: Vec<String> =
        fs::read_dir(&inbox).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
    left.sort();
    assert_eq!(
        left,
        ["deaths_2026-11-19.xlsx", "destitute_2026-11-19.csv", "holiday plans.csv", "low_income_2026-11-19.csv"]
    );
    let state = home.state();
    home.night("2026-11-20");
    assert_eq!(home.state(), state, "refusing the same files again changes nothing");
}

#[test]
fn a_locked_database_is_said_and_harms_nothing() {
    let home = Home::new();
    home.receive(&lists().0);
    home.night("2026-11-20");
    let before = home.state();
    let holder = rusqlite::Connection::open(home.path().join("yilian.db")).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    home.receive(&lists().1);
    let done = home.run(&["cycle", "--allow-future", "--as-of", "2026-11-27"]);
    assert!(!done.status.success());
    assert!(String::from_utf8_lossy(&done.stderr).contains("in use"), "{}", String::from_utf8_lossy(&done.stderr));
    holder.execute_batch("ROLLBACK").unwrap();
    drop(holder);
    assert_eq!(home.state(), before);
    home.night("2026-11-27");
}

#[test]
fn a_missing_key_is_said_before_anything_is_written() {
    let home = Home::new();
    fs::remove_file(home.path().join("keys")).unwrap();
    let done = home.run(&["cycle", "--allow-future", "--as-of", "2026-11-20"]);
    assert!(!done.status.success());
    assert!(String::from_utf8_lossy(&done.stderr).contains("key"));
}

#[test]
fn an_empty_installation_says_what_to_do() {
    let done = Home::new().run(&["cycle", "--allow-future", "--as-of", "2026-11-20"]);
    assert!(!done.status.success());
    assert!(String::from_utf8_lossy(&done.stderr).contains("put the lists into"));
}

#[test]
fn no_identity_reaches_logs_or_errors() {
    let home = Home::new();
    home.receive(&lists().0);
    let done = home
        .command(&["cycle", "--allow-future", "--as-of", "2026-11-20"])
        .env("YILIAN_LOG", "trace")
        .output()
        .unwrap();
    assert!(done.status.success());
    let said = format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    let people = fs::read_to_string(lists().0.join("truth/people.csv")).unwrap();
    let numbers = people.split([',', '\n']).filter(|cell| kernel::IdNumber::parse(cell).is_ok());
    let mut looked_for = 0;
    for number in numbers {
        looked_for += 1;
        assert!(!said.contains(number), "an ID number was logged");
    }
    assert!(looked_for > 500, "the truth file names {looked_for} numbers");
}
