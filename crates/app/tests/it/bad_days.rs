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
fn a_list_dated_after_the_night_waits_for_its_day() {
    let home = Home::new();
    home.receive(&lists().0);
    let inbox = home.path().join("inbox");
    let (deaths, ahead) = (inbox.join("deaths_2026-11-19.csv"), inbox.join("deaths_2026-11-24.csv"));
    fs::rename(deaths, &ahead).unwrap();
    // Nights of the past, so that the clock does not ask for `--allow-future`.
    let night = |as_of: &str, more: &[&str]| home.run(&[&["cycle", "--json", "--as-of", as_of], more].concat());
    let read = |done: std::process::Output| -> serde_json::Value {
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        serde_json::from_slice(&done.stdout).unwrap()
    };
    let first = read(night("2026-11-20", &[]));
    assert_eq!(first["lists"]["early_files"], serde_json::json!(["deaths_2026-11-24.csv"]));
    assert!(ahead.exists());
    let shown = home.run(&["import", "--received-on", "2026-11-20", ahead.to_str().unwrap()]);
    assert!(!shown.status.success() && String::from_utf8_lossy(&shown.stdout).contains("--allow-future"));
    let on_its_day = read(night("2026-11-24", &["--allow-future"]));
    assert_eq!((&on_its_day["lists"]["received"], ahead.exists()), (&1.into(), false));
}

/// Runs as a user who may not change the inbox; root may change everything, so it becomes somebody else.
#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_removed_is_taken_once_and_said() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
    use std::os::unix::process::CommandExt;

    let home = Home::new();
    home.receive(&lists().0);
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let binary = folder.path().join("yilian");
    fs::copy(env!("CARGO_BIN_EXE_yilian"), &binary).unwrap();
    copy(&crate::home::root().join("packs"), &folder.path().join("packs"));
    let inbox = home.path().join("inbox");
    fs::set_permissions(&inbox, fs::Permissions::from_mode(0o555)).unwrap();
    let somebody = (fs::metadata("/proc/self").unwrap().uid() == 0).then_some(65534);
    for path in [home.path().to_owned(), home.path().join("keys")] {
        chown(path, somebody, somebody).unwrap();
    }
    let night = || {
        let mut command = std::process::Command::new(&binary);
        command.current_dir(folder.path()).args(["--lang", "en", "--home"]).arg(home.path());
        command.args(["cycle", "--as-of", "2026-11-20"]);
        if let Some(id) = somebody {
            command.uid(id).gid(id);
        }
        let done = command.output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap()
    };
    let files = fs::read_dir(&inbox).unwrap().count();
    let said = night();
    assert!(said.contains("may not be removed from the inbox") && said.contains("deaths_2026-11-19.csv"), "{said}");
    assert_eq!(fs::read_dir(&inbox).unwrap().count(), files);
    assert_eq!(fs::read_dir(home.path().join("archive")).unwrap().count(), 0, "the file itself is the copy");
    let again = night();
    assert!(again.contains(" 0 received") && again.contains(&format!("{files} known before")), "{again}");
    fs::set_permissions(&inbox, fs::Permissions::from_mode(0o755)).unwrap();
}

#[cfg(unix)]
fn copy(from: &std::path::Path, to: &std::path::Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let into = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &into);
        } else {
            fs::copy(&path, &into).unwrap();
        }
    }
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
