//! The same date twice, a following night, another database.

use crate::home::{Home, lists};

#[test]
fn the_same_night_twice_changes_nothing() {
    let home = Home::new();
    home.receive(&lists().0);
    home.night("2026-11-20");
    let before = home.state();
    assert!(before.contains_key("out/2026-11-20/work.csv"), "{:?}", before.keys());
    home.night("2026-11-20");
    assert_eq!(home.state(), before);
    home.receive(&lists().0);
    home.night("2026-11-20");
    assert_eq!(home.state(), before);
}

#[test]
fn the_same_lists_give_the_same_bytes_elsewhere() {
    let state = || {
        let home = Home::new();
        home.receive(&lists().0);
        home.night("2026-11-20");
        home.state()
    };
    assert_eq!(state(), state());
}

#[test]
fn a_following_night_moves_the_work_on() {
    let home = Home::new();
    home.receive(&lists().0);
    home.night("2026-11-20");
    home.receive(&lists().1);
    let summary: serde_json::Value =
        serde_json::from_str(&home.succeed(&["cycle", "--allow-future", "--as-of", "2026-11-27", "--json"])).unwrap();
    let change = &summary["work_change"];
    assert!(change["opened"].as_u64().unwrap() > 0, "{change}");
    assert!(change["closed"].as_u64().unwrap() > 0, "{change}");
    let gained = summary["rules"].as_array().unwrap().iter().all(|rule| rule["gained"].is_u64());
    assert!(gained, "every rule is compared with the night before");
    let database = rusqlite::Connection::open(home.path().join("yilian.db")).unwrap();
    for told in summary["work"].as_array().unwrap() {
        let open = "SELECT COUNT(*), COUNT(CASE WHEN due_on < '2026-11-27' THEN 1 END) FROM work_item
            WHERE state = 'open' AND kind = ?";
        let stands: (i64, i64) =
            database.query_row(open, [told["kind"].as_str().unwrap()], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        assert_eq!((told["open"].as_i64(), told["overdue"].as_i64()), (Some(stands.0), Some(stands.1)), "{told}");
    }
}

#[test]
fn a_night_before_a_published_one_is_refused() {
    let home = Home::new();
    home.receive(&lists().0);
    home.night("2026-11-20");
    let done = home.run(&["cycle", "--allow-future", "--as-of", "2026-11-19"]);
    assert!(!done.status.success());
    assert!(String::from_utf8_lossy(&done.stderr).contains("2026-11-20"));
}

#[test]
fn postgres_gives_the_same_files_as_sqlite() {
    let Some(server) = testkit::require_postgres() else { return };
    let url = server.fresh_database();
    let store::DatabaseUrl::Postgres(database) = &url else { panic!("a server's address") };
    let (small, large) = (Home::new(), Home::new());
    for (home, more) in [(&small, vec![]), (&large, vec!["--database", database.as_str()])] {
        home.receive(&lists().0);
        home.succeed(&[vec!["cycle", "--allow-future", "--as-of", "2026-11-20"], more].concat());
    }
    assert_eq!(small.files(), large.files());
    assert!(!small.files().is_empty());
    server.drop_database(&url);
}

/// Every rule for every person: the night stops when the database answers one of them otherwise.
#[test]
fn rules_answered_inside_the_database_give_the_same_night() {
    let calm = Home::new();
    calm.receive(&lists().0);
    calm.night("2026-11-20");
    let inside = |more: &[&str]| {
        let home = Home::new();
        home.receive(&lists().0);
        let night = ["cycle", "--allow-future", "--as-of", "2026-11-20", "--engine", "database", "--json"];
        let said = home.succeed(&[&night, more].concat());
        let summary: serde_json::Value = serde_json::from_str(&said).unwrap();
        let told = &summary["in_database"];
        assert!(told["rules"].as_u64() >= Some(20) && told["people"] == summary["people"]["all"], "{told}");
        assert_eq!(calm.files(), home.files());
    };
    inside(&[]);
    let Some(server) = testkit::require_postgres() else { return };
    let url = server.fresh_database();
    let store::DatabaseUrl::Postgres(database) = &url else { panic!("a server's address") };
    inside(&["--database", database]);
    server.drop_database(&url);
}

#[test]
fn an_explanation_answers_as_the_night_knew() {
    let home = Home::new();
    home.receive(&lists().0);
    home.night("2026-11-20");
    let everyone = || -> Vec<String> { (1..40).map(|id| home.succeed(&["explain", &format!("P{id:08}")])).collect() };
    let before = everyone();
    let mut later: Vec<String> = std::fs::read_dir(&lists().1)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .map(|path| path.to_string_lossy().into_owned())
        .collect();
    later.sort();
    let mut import = vec!["import", "--allow-future", "--received-on", "2026-11-20"];
    import.extend(later.iter().map(String::as_str));
    home.run(&import);
    assert!(home.succeed(&["lists", "show"]).contains("2026-11-2"), "newer lists came in");
    assert_eq!(everyone(), before, "what came in since is left out until the next night");
}
