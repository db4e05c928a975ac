//! Schema changes are applied once, in order, and never changed afterwards.

use store::{MigrateError, Migration, StoreError, Value};
use testkit::each_database;

use crate::{rows, session};

const fn step(id: u32, sql: &'static str) -> Migration {
    Migration { context: "things", id, name: "step", sql }
}

const FIRST: Migration = step(1, "CREATE TABLE one (id BIGINT PRIMARY KEY);");
const SECOND: Migration = step(2, "CREATE TABLE two (id BIGINT PRIMARY KEY); INSERT INTO two VALUES (5)");

#[test]
fn each_step_is_applied_once() {
    each_database(&[], |db| {
        assert_eq!(db.migrate(&[FIRST]), Ok(1));
        assert_eq!(db.migrate(&[FIRST, SECOND]), Ok(1));
        assert_eq!(db.migrate(&[FIRST, SECOND]), Ok(0));
        assert_eq!(rows(&mut session(db), "SELECT id FROM two"), [[Value::Int(5)]]);
    });
}

#[test]
fn changed_missing_and_misplaced_steps_are_refused() {
    each_database(&[FIRST, SECOND], |db| {
        let changed = step(1, "CREATE TABLE one (id BIGINT)");
        let context = || "things".to_owned();
        assert_eq!(db.migrate(&[changed, SECOND]), Err(MigrateError::Changed { context: context(), id: 1 }));
        assert_eq!(db.migrate(&[FIRST]), Err(MigrateError::Newer { context: context(), id: 2 }));
        assert_eq!(db.migrate(&[SECOND, FIRST]), Err(MigrateError::Order { context: context(), id: 1 }));
        assert_eq!(db.migrate(&[]), Ok(0), "a context that this program does not know is left alone");
    });
}

#[test]
fn failed_step_leaves_nothing() {
    each_database(&[], |db| {
        let broken = step(2, "CREATE TABLE two (id BIGINT); CREATE TABLE one (id BIGINT)");
        let failed = db.migrate(&[FIRST, broken]);
        assert!(matches!(failed, Err(MigrateError::Step { id: 2, cause: StoreError::Statement { .. }, .. })));
        assert_eq!(db.migrate(&[FIRST, SECOND]), Ok(1));
    });
}

#[test]
fn programs_that_start_together_migrate_once() {
    each_database(&[], |db| {
        let applied: usize = std::thread::scope(|threads| {
            let runs: Vec<_> = (0..4).map(|_| threads.spawn(|| db.migrate(&[FIRST, SECOND]).unwrap())).collect();
            runs.into_iter().map(|run| run.join().unwrap()).sum()
        });
        assert_eq!(applied, 2);
    });
}

/// The dialect table of `dialect.rs`: kinds of column, words in comments and quotes, casts, later columns.
#[test]
fn one_schema_text_means_the_same_on_both() {
    let schema = step(
        1,
        "-- TEXT; BIGINT: a comment's words are left alone
         CREATE TABLE kinds (
             id BIGINT PRIMARY KEY, -- BYTEA
             name TEXT NOT NULL DEFAULT 'BIGINT; TEXT',
             share DOUBLE PRECISION,
             sealed BYTEA
         );
         ALTER TABLE kinds ADD COLUMN later TEXT;
         CREATE INDEX kinds_by_name ON kinds (name) WHERE later IS NOT NULL;
         CREATE TABLE pair (a BIGINT, b BIGINT, PRIMARY KEY (a, b));
         INSERT INTO kinds (id, later) VALUES (1, CAST(CAST(2 AS BIGINT) AS TEXT))",
    );
    each_database(&[], |db| {
        db.migrate(&[schema]).unwrap();
        let mut s = session(db);
        let row = [1.into(), "BIGINT; TEXT".into(), Value::Null, Value::Null, "2".into()];
        assert_eq!(rows(&mut s, "SELECT id, name, share, sealed, later FROM kinds"), [row]);
        let wrong = s.exec("INSERT INTO kinds (id, share) VALUES (2, 'many')", &[]);
        assert!(wrong.is_err(), "a text is refused where a number belongs");
    });
}

/// Nobody waits for a step that waits: others go on writing while it stands behind somebody's open transaction.
#[test]
fn a_loaded_table_gets_its_index_and_its_column_while_others_write() {
    const INDEX: Migration = step(3, "-- for pages\nCREATE INDEX two_by_id ON two (id) WHERE id > 5;");
    const COLUMN: Migration = step(4, "ALTER TABLE two ADD COLUMN note TEXT NOT NULL DEFAULT '';");
    testkit::on_postgres(&[FIRST, SECOND], |db| {
        let others = store::Database::open_with(
            db.url(),
            store::Options { connections: 4, busy: std::time::Duration::from_millis(1500) },
        )
        .unwrap();
        for steps in [&[FIRST, SECOND, INDEX][..], &[FIRST, SECOND, INDEX, COLUMN]] {
            let mut slow = session(&others);
            std::thread::scope(|scope| {
                slow.transaction(|tx| {
                    tx.exec("INSERT INTO two (id) SELECT MAX(id) + 1 FROM two", &[])?;
                    let migrating = scope.spawn(|| db.migrate(steps));
                    std::thread::sleep(std::time::Duration::from_millis(700));
                    assert!(!migrating.is_finished(), "it waits for the open transaction");
                    let mut quick = session(&others);
                    for _ in 0..5 {
                        quick.exec("INSERT INTO two (id) SELECT MAX(id) + 10 FROM two", &[])?;
                    }
                    Ok::<_, StoreError>(migrating)
                })
                .map(|migrating| assert_eq!(migrating.join().unwrap(), Ok(1)))
                .expect("others go on writing");
            });
        }
        let built = "SELECT COUNT(*) FROM pg_index WHERE indexrelid = CAST('two_by_id' AS regclass) AND indisvalid";
        assert_eq!(rows(&mut session(db), built), [[Value::Int(1)]]);
        assert_eq!(db.migrate(&[FIRST, SECOND, INDEX, COLUMN]), Ok(0));
    });
}
