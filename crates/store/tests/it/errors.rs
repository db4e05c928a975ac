//! Failures are told apart by what to do, and never repeat a value.

use std::time::Duration;

use store::{Constraint, Database, DatabaseUrl, Options, StoreError, Value};
use testkit::{each_database, on_postgres, on_sqlite};

use crate::{THINGS, session};

const ADD: &str = "INSERT INTO thing (id, name, kin, size) VALUES ($1, $2, $3, $4)";
/// Stands for an ID number: must not turn up in any error.
const SECRET: &str = "653001195001010018";

#[test]
fn schema_rules_are_told_apart_and_values_kept_out() {
    each_database(THINGS, |db| {
        let mut s = session(db);
        s.exec(ADD, &[1.into(), SECRET.into(), Value::Null, Value::Null]).unwrap();
        let number: i64 = SECRET.parse().unwrap();
        let cases = [
            ([2.into(), SECRET.into(), Value::Null, Value::Null], Constraint::Unique),
            ([1.into(), "other".into(), Value::Null, Value::Null], Constraint::Unique),
            ([2.into(), SECRET[1..].into(), number.into(), Value::Null], Constraint::ForeignKey),
            ([2.into(), SECRET[1..].into(), Value::Null, number.into()], Constraint::Check),
            ([2.into(), Value::Null, Value::Null, Value::Null], Constraint::NotNull),
        ];
        for (values, wanted) in cases {
            let fault = s.exec(ADD, &values).unwrap_err();
            assert!(matches!(&fault, StoreError::Constraint { kind, .. } if *kind == wanted), "{fault:?}");
            assert_no_value(&fault);
        }
    });
}

#[test]
fn wrong_kinds_are_refused_and_values_kept_out() {
    each_database(THINGS, |db| {
        let mut s = session(db);
        let refused = [
            s.exec("INSERT INTO thing (id, name) VALUES ($1, $2)", &[1.into(), vec![0_u8, 159, 146, 150].into()]),
            s.exec(
                "INSERT INTO thing (id, name) VALUES ($1, $2)",
                &[SECRET[..17].replace('1', "x").into(), "a".into()],
            ),
            s.exec("INSERT INTO thing (id, name) VALUES ($1, $2)", &[1.into(), "653001\u{0}95001010018".into()]),
            s.exec("INSERT INTO thing (id, name, share) VALUES ($1, $2, $3)", &[1.into(), "a".into(), f64::NAN.into()]),
            s.exec("INSERT INTO thing (id, name) VALUES ($1, $2)", &[1.into()]),
        ];
        for result in refused {
            assert_no_value(&result.unwrap_err());
        }
        s.exec("INSERT INTO thing (id, name) VALUES ($1, $2)", &[1.into(), SECRET.into()]).unwrap();
        let row = s.query_one("SELECT name, id FROM thing", &[]).unwrap();
        for fault in
            [row.int(0).unwrap_err(), row.date(0).unwrap_err(), row.text(1).unwrap_err(), row.int(9).unwrap_err()]
        {
            assert!(matches!(fault, StoreError::Column { .. }));
            assert_no_value(&fault);
        }
    });
}

#[test]
fn faulty_statement_names_its_fault() {
    each_database(THINGS, |db| {
        let mut s = session(db);
        for sql in ["SELECT nothing FROM thing", "SELECT 1 FROM nowhere", "SELEC 1"] {
            let fault = s.query(sql, &[]).unwrap_err();
            assert!(matches!(&fault, StoreError::Statement { statement, .. } if statement == sql), "{fault:?}");
        }
        let wanted = StoreError::RowCount { found: 0, statement: "SELECT id FROM thing".to_owned() };
        assert_eq!(s.query_one("SELECT id FROM thing", &[]).err(), Some(wanted));
    });
}

#[test]
fn held_lock_is_busy_and_can_be_tried_again() {
    each_database(THINGS, |db| {
        let impatient = Options { connections: 2, busy: Duration::from_millis(50) };
        let impatient = Database::open_with(db.url(), impatient).unwrap();
        let mut s = session(db);
        let mut other = session(&impatient);
        s.exec(ADD, &[1.into(), "a".into(), Value::Null, Value::Null]).unwrap();
        s.transaction(|tx| {
            tx.exec("UPDATE thing SET size = 1 WHERE id = 1", &[])?;
            let fault = other.exec("UPDATE thing SET size = 2 WHERE id = 1", &[]).unwrap_err();
            assert!(matches!(fault, StoreError::Busy { .. }) && fault.is_transient(), "{fault:?}");
            Ok::<_, StoreError>(())
        })
        .unwrap();
        assert_eq!(other.exec("UPDATE thing SET size = 2 WHERE id = 1", &[]).unwrap(), 1);
    });
}

#[test]
fn full_disk_is_told_and_undoes_the_transaction() {
    on_sqlite(THINGS, |db| {
        let mut s = session(db);
        let pages = s.query_one("PRAGMA page_count", &[]).unwrap().int(0).unwrap();
        s.exec_batch(&format!("PRAGMA max_page_count = {}", pages + 20)).unwrap();
        let long = "x".repeat(10_000);
        let result = s.transaction(|tx| {
            (0..1_000).try_for_each(|id| {
                tx.exec(ADD, &[id.into(), format!("{id}{long}").into(), Value::Null, Value::Null]).map(drop)
            })
        });
        assert!(matches!(result, Err(StoreError::Full { .. })), "{result:?}");
        assert_eq!(s.query_one("SELECT COUNT(*) FROM thing", &[]).unwrap().int(0).unwrap(), 0);
        s.exec(ADD, &[1.into(), "small".into(), Value::Null, Value::Null]).unwrap();
    });
}

#[test]
fn lost_connection_is_told_and_replaced() {
    on_postgres(THINGS, |db| {
        let (mut victim, mut other) = (session(db), session(db));
        let mut end = |process: i64| {
            other.query("SELECT pg_terminate_backend(CAST($1 AS INT))", &[process.into()]).unwrap();
            std::thread::sleep(Duration::from_millis(100));
        };
        let told: Result<(), StoreError> = victim.transaction(|tx| {
            end(tx.query_one("SELECT pg_backend_pid()", &[])?.int(0)?);
            tx.query("SELECT 1", &[]).map(|_| ())
        });
        assert!(matches!(told, Err(StoreError::Lost { .. })), "{told:?}");
        // A question outside a transaction is put again to a new connection.
        end(victim.query_one("SELECT pg_backend_pid()", &[]).unwrap().int(0).unwrap());
        victim.query("SELECT 1", &[]).unwrap();
        drop(victim);
        session(db).query("SELECT 1", &[]).unwrap();
    });
}

#[test]
fn unreachable_and_damaged_databases_are_told() {
    let fault = Database::open(&DatabaseUrl::file("/nowhere/at/all.db")).err().unwrap();
    assert!(matches!(fault, StoreError::Open { .. }), "{fault:?}");
    let fault = Database::open(&DatabaseUrl::Postgres("postgres://u:hidden@%2Fnowhere/x".to_owned())).err().unwrap();
    assert!(matches!(fault, StoreError::Open { .. }) && !fault.to_string().contains("hidden"), "{fault:?}");
    if let Some(server) = testkit::require_postgres() {
        let DatabaseUrl::Postgres(address) = server.fresh_database() else { unreachable!("a server's address") };
        let fault = Database::open(&DatabaseUrl::Postgres(format!("{address}?sslmode=require"))).err().unwrap();
        assert!(matches!(&fault, StoreError::Open { cause, .. } if cause.contains("TLS")), "{fault:?}");
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("no.db");
    std::fs::write(&path, "this is no database, it is a text that someone put here".repeat(100)).unwrap();
    let fault = Database::open(&DatabaseUrl::file(&path)).err().unwrap();
    assert!(matches!(fault, StoreError::Damaged { .. }), "{fault:?}");
}

#[test]
fn throw_away_server_leaves_nothing_behind() {
    let Some(programs) = testkit::postgres::installed() else { return };
    let server = testkit::postgres::Server::start(&programs).unwrap();
    let (folder, url) = (server.folder().to_owned(), server.fresh_database());
    let db = Database::open(&url).unwrap();
    drop(server);
    assert!(!folder.exists());
    let gone = db.session().and_then(|mut s| s.query("SELECT 1", &[]).map(drop));
    assert!(matches!(gone, Err(StoreError::Lost { .. } | StoreError::Open { .. })), "{gone:?}");
}

#[cfg(unix)]
#[test]
fn new_database_file_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new.db");
    let db = Database::open(&DatabaseUrl::file(&path)).unwrap();
    db.migrate(THINGS).unwrap();
    for name in ["new.db", "new.db-wal", "new.db-shm"] {
        let mode = std::fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

/// Another process must see that the file is in use, however many connections came and went.
#[cfg(target_os = "linux")]
#[test]
fn a_further_connection_leaves_the_lock_on_the_file() {
    use std::os::unix::fs::MetadataExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shared.db");
    let db = Database::open(&DatabaseUrl::file(&path)).unwrap();
    db.migrate(THINGS).unwrap();
    let inode = format!(":{} ", std::fs::metadata(&path).unwrap().ino());
    let locked = || {
        let locks = std::fs::read_to_string("/proc/locks").unwrap();
        locks.lines().any(|line| line.contains(&inode) && line.contains(&format!(" {} ", std::process::id())))
    };
    let mut held = vec![session(&db)];
    held[0].query("SELECT 1 FROM thing", &[]).unwrap();
    assert!(locked(), "one connection holds it");
    for _ in 0..3 {
        held.push(session(&db));
        held.last_mut().unwrap().query("SELECT 1 FROM thing", &[]).unwrap();
        assert!(locked(), "{} connections hold it", held.len());
    }
}

fn assert_no_value(fault: &StoreError) {
    let told = format!("{fault} {fault:?}");
    assert!(!told.contains("653001") && !told.contains("195001"), "{told}");
}
