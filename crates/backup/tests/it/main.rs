//! Put away and brought back, on both databases; and what is refused.

use std::fs;
use std::path::Path;

use backup::{Fault, Folder, What, bring_back, check, put_away};
use kernel::{FixedClock, parse_date};
use serde_json::json;
use store::audit::{self, Entry};
use store::{Database, DatabaseUrl, Keys, setting};
use testkit::{on_sqlite, require_postgres};

fn clock() -> FixedClock {
    FixedClock::on(parse_date("2026-11-20").unwrap())
}

/// A database with something in it, and its key file.
fn filled(database: &Database, folder: &Path) -> Keys {
    let path = folder.join("keys");
    let ring = store::keys::create_key_file(&path).unwrap();
    let mut session = database.session().unwrap();
    let keys = ring.attach(&mut session).unwrap();
    for n in 0..20 {
        setting::set(&mut session, &format!("name {n}"), "值").unwrap();
        let detail = json!({ "n": n });
        let entry = Entry { at: clock().0, actor: "test", action: "set", subject: "x", detail: &detail };
        audit::append(&mut session, &keys, &entry).unwrap();
    }
    keys
}

fn folders(home: &Path) -> Vec<Folder> {
    ["documents", "lake"].map(|name| Folder { name, path: home.join(name) }).into()
}

fn there_and_back(database: &Database, fresh: &DatabaseUrl) {
    let folder = tempfile::tempdir().unwrap();
    let (home, other, shelf) = (folder.path().join("home"), folder.path().join("other"), folder.path().join("shelf"));
    fs::create_dir_all(home.join("documents/2026")).unwrap();
    fs::create_dir_all(&other).unwrap();
    fs::write(home.join("documents/2026/a.pdf"), "文件").unwrap();
    let keys = filled(database, folder.path());
    let what = What { database, keys: &keys, folders: &folders(&home), version: "0" };
    fs::create_dir_all(shelf.join("yilian-broken.draft")).unwrap();
    let (made, manifest) = put_away(&what, &shelf, &clock()).unwrap();
    assert!(matches!(put_away(&what, &shelf, &clock()), Err(Fault::Exists(_))));
    assert_eq!(fs::read_dir(&shelf).unwrap().count(), 1, "drafts are gone");
    assert_eq!(check(&made, Some(&keys)).unwrap().proven, Some(true));

    // What is written later is not in it.
    setting::set(&mut database.session().unwrap(), "later", "1").unwrap();
    let ring = || Keys::from_file(&folder.path().join("keys")).unwrap();
    let strange = Keys::generate();
    assert!(matches!(bring_back(&made, fresh, &folders(&other), strange), Err(Fault::KeyMissing(_))));
    let back = bring_back(&made, fresh, &folders(&other), ring()).unwrap();
    assert_eq!((back.audited, back.manifest.rows), (20, manifest.rows));
    assert_eq!(fs::read_to_string(other.join("documents/2026/a.pdf")).unwrap(), "文件");
    let restored = Database::open(fresh).unwrap();
    let mut session = restored.session().unwrap();
    assert_eq!(setting::get(&mut session, "name 3").unwrap().as_deref(), Some("值"));
    assert_eq!(setting::get(&mut session, "later").unwrap(), None);
    drop(session);
    assert!(bring_back(&made, fresh, &folders(&other.join("x")), ring()).is_err(), "nothing is written over");
}

#[test]
fn what_was_put_away_comes_back_the_same() {
    on_sqlite(&[], |database| {
        let folder = tempfile::tempdir().unwrap();
        there_and_back(database, &DatabaseUrl::file(folder.path().join("back.db")));
    });
    let Some(server) = require_postgres() else { return };
    if !["pg_dump", "pg_restore"].iter().all(|program| can_run(program)) {
        eprintln!("SKIPPED on PostgreSQL: needs pg_dump and pg_restore on the path");
        return;
    }
    let (url, fresh) = (server.fresh_database(), server.fresh_database());
    let database = Database::open(&url).unwrap();
    database.migrate(&[]).unwrap();
    there_and_back(&database, &fresh);
    drop(database);
    server.drop_database(&url);
    server.drop_database(&fresh);
}

fn can_run(program: &str) -> bool {
    std::process::Command::new(program).arg("--version").output().is_ok()
}

#[test]
fn a_backup_that_was_touched_is_refused_with_every_fault() {
    on_sqlite(&[], |database| {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().join("home");
        fs::create_dir_all(home.join("documents")).unwrap();
        for name in ["a", "b", "c"] {
            fs::write(home.join("documents").join(name), name).unwrap();
        }
        let keys = filled(database, folder.path());
        let what = What { database, keys: &keys, folders: &folders(&home), version: "0" };
        let (made, _) = put_away(&what, &folder.path().join("shelf"), &clock()).unwrap();
        fs::write(made.join("documents/a"), "x").unwrap();
        fs::remove_file(made.join("documents/b")).unwrap();
        fs::write(made.join("documents/d"), "d").unwrap();
        let Err(Fault::Damaged(faults)) = check(&made, None) else { panic!("it is not whole") };
        assert_eq!(faults.len(), 3, "{faults:?}");

        // Whoever changes the manifest too has no keys to prove it with.
        for (name, text) in [("a", "x"), ("b", "b")] {
            fs::write(made.join("documents").join(name), text).unwrap();
        }
        fs::remove_file(made.join("documents/d")).unwrap();
        let path = made.join("manifest.json");
        let text = fs::read_to_string(&path).unwrap();
        let digest = |text: &str| {
            use sha2::{Digest as _, Sha256};
            hex::encode(Sha256::digest(text))
        };
        fs::write(&path, text.replace(&digest("a"), &digest("x"))).unwrap();
        assert_eq!(check(&made, Some(&keys)).unwrap().proven, Some(false));
        let ring = Keys::from_file(&folder.path().join("keys")).unwrap();
        let to = DatabaseUrl::file(folder.path().join("back.db"));
        assert!(matches!(bring_back(&made, &to, &[], ring), Err(Fault::Differs(_))));

        fs::write(&path, text.replace("\"format\": 1", "\"format\": 2")).unwrap();
        assert!(matches!(check(&made, None), Err(Fault::Newer(2))));
        fs::remove_file(&path).unwrap();
        assert!(matches!(check(&made, None), Err(Fault::NoManifest(_))));
    });
}
