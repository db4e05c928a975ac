//! Many rows at once give the same on both databases.

use std::time::Instant;

use store::{Dialect, Session, StoreError, Value, ValueRef};
use testkit::each_database;

use crate::{THINGS, rows, session};

const COLUMNS: &[&str] = &["id", "name", "share", "sealed", "size"];

fn row(id: i64) -> [Value; 5] {
    let share = if id % 3 == 0 { Value::Null } else { Value::Real(1.0 / id as f64) };
    let sealed = if id % 2 == 0 { vec![].into() } else { id.to_be_bytes().into() };
    [id.into(), format!("名\t\\N{id}").into(), share, sealed, (id % 90).into()]
}

#[test]
fn loaded_rows_equal_inserted_rows() {
    each_database(THINGS, |db| {
        let mut s = session(db);
        assert_eq!(s.bulk_insert("thing", COLUMNS, (1..=5_000).map(row)).unwrap(), 5_000);
        let loaded = rows(&mut s, "SELECT id, name, share, sealed, size FROM thing ORDER BY id");
        let given: Vec<Vec<Value>> = (1..=5_000).map(|id| row(id).to_vec()).collect();
        assert!(loaded == given);
        assert_eq!(s.bulk_insert("thing", COLUMNS, Vec::<Vec<Value>>::new()).unwrap(), 0);
    });
}

#[test]
fn borrowed_rows_are_loaded_in_the_open_transaction() {
    each_database(THINGS, |db| {
        let mut s = session(db);
        let undone = s.transaction(|tx| {
            tx.bulk_insert_with("thing", &["id", "name"], |sink| {
                (0..10).try_for_each(|id| sink.push(&[ValueRef::Int(id), id.to_string().as_str().into()]))
            })?;
            Err::<(), _>(StoreError::Aborted)
        });
        assert!(undone.is_err());
        assert_eq!(rows(&mut s, "SELECT COUNT(*) FROM thing"), [[Value::Int(0)]]);
    });
}

#[test]
fn loaded_table_is_counted_when_asked_for_and_much_was_loaded() {
    each_database(THINGS, |db| {
        let mut s = session(db);
        let load = |s: &mut Session, ids: std::ops::Range<i64>| s.bulk_insert("thing", COLUMNS, ids.map(row)).unwrap();
        // What the planner takes the table for; SQLite goes by the schema.
        let counted = |s: &mut Session| match s.dialect() {
            Dialect::Sqlite => None,
            Dialect::Postgres => {
                s.query_one("SELECT reltuples FROM pg_class WHERE relname = 'thing'", &[]).unwrap().opt_real(0).unwrap()
            }
        };
        let before = counted(&mut s);
        load(&mut s, 0..40_000);
        s.count_anew("thing").unwrap();
        assert_eq!(counted(&mut s), before, "little was loaded");
        s.transaction(|tx| {
            load(tx, 40_000..60_000);
            tx.count_anew("thing")
        })
        .unwrap();
        assert_eq!(counted(&mut s), before.map(|_| 60_000.0));
    });
}

#[test]
fn refused_row_loads_nothing() {
    each_database(THINGS, |db| {
        let mut s = session(db);
        let twice = [[1.into(), "a".into()], [2.into(), "b".into()], [1.into(), Value::from("c")]];
        let fault = s.bulk_insert("thing", &["id", "name"], twice).unwrap_err();
        assert!(fault.is_duplicate(), "{fault:?}");
        let many = (0..100_000).map(|id| [id.into(), Value::from(if id == 50_000 { "7" } else { "x" }.repeat(9))]);
        assert!(s.bulk_insert("thing", &["id", "name"], many).unwrap_err().is_duplicate());
        let wrong = s.bulk_insert("thing", &["id", "name"], [[Value::from("65300119500101001X"), "d".into()]]);
        let told = format!("{:?}", wrong.unwrap_err());
        assert!(!told.contains("653001"), "{told}");
        let narrow = s.bulk_insert("thing", &["id", "name"], [[Value::Int(1)]]);
        assert!(matches!(narrow, Err(StoreError::Statement { .. })));
        let name = s.bulk_insert("thing; DROP TABLE thing", &["id"], [[Value::Int(1)]]);
        assert!(matches!(name, Err(StoreError::Statement { .. })));
        assert_eq!(rows(&mut s, "SELECT COUNT(*) FROM thing"), [[Value::Int(0)]]);
        assert_eq!(s.bulk_insert("thing", COLUMNS, (1..=3).map(row)).unwrap(), 3);
    });
}

#[test]
fn rows_are_changed_and_deleted_by_key() {
    each_database(THINGS, |db| {
        let mut s = session(db);
        s.bulk_insert("thing", COLUMNS, (1..=6).map(row)).unwrap();
        let changes = [(2, Value::Int(50)), (4, Value::Null), (99, Value::Int(1))];
        let changes = changes.map(|(id, size)| [Value::Int(id), size, Value::Real(0.5)]);
        assert_eq!(s.bulk_update("thing", &["id"], &["size", "share"], changes).unwrap(), 2);
        assert_eq!(s.bulk_delete("thing", &["id", "size"], [[1, 1], [3, 7]].map(|r| r.map(Value::Int))).unwrap(), 1);
        let left = rows(&mut s, "SELECT id, size FROM thing ORDER BY id");
        let ids = [(2, 50.into()), (3, 3.into()), (4, Value::Null), (5, 5.into()), (6, 6.into())];
        assert_eq!(left, ids.map(|(id, size): (i64, Value)| vec![id.into(), size]));
    });
}

#[test]
fn bulk_loads_follow_each_other_in_one_transaction() {
    each_database(THINGS, |db| {
        session(db)
            .transaction(|tx| {
                tx.bulk_insert("thing", COLUMNS, (1..=3).map(row))?;
                tx.bulk_update("thing", &["id"], &["size"], [[1, 11], [2, 12]].map(|r| r.map(Value::Int)))?;
                tx.bulk_update("thing", &["id"], &["share"], [[Value::Int(3), Value::Real(1.5)]])?;
                tx.bulk_delete("thing", &["id"], [[Value::Int(2)]])
            })
            .unwrap();
        let left = rows(&mut session(db), "SELECT id, size, share FROM thing ORDER BY id");
        assert_eq!(left, [[1.into(), 11.into(), Value::Real(1.0)], [3.into(), 3.into(), Value::Real(1.5)]]);
    });
}

/// Prints the speed; run with `--ignored --nocapture`.
#[test]
#[ignore = "a measurement, not a test"]
fn speed_of_bulk_loading() {
    each_database(&[], |db| {
        let mut s = session(db);
        s.exec_batch("CREATE TABLE narrow (id BIGINT PRIMARY KEY, a BIGINT, b BIGINT, c TEXT)").unwrap();
        let since = Instant::now();
        let count = 2_000_000;
        s.bulk_insert_with("narrow", &["id", "a", "b", "c"], |sink| {
            (0..count).try_for_each(|id| {
                sink.push(&[ValueRef::Int(id), ValueRef::Int(id * 7), ValueRef::Int(3), ValueRef::Text("653001001")])
            })
        })
        .unwrap_or_else(|e: StoreError| panic!("{e}"));
        eprintln!("{:.0} rows a second", count as f64 / since.elapsed().as_secs_f64());
        let since = Instant::now();
        let mut sum = 0;
        s.query_each("SELECT id, a, b, c FROM narrow", &[], |row| {
            sum += row.int(0)? + row.text(3)?.len() as i64;
            Ok::<_, StoreError>(())
        })
        .unwrap();
        assert!(sum > 0);
        eprintln!("{:.0} rows a second read", count as f64 / since.elapsed().as_secs_f64());
    });
}

#[test]
fn indexes_that_were_put_away_come_back_as_they_were() {
    const INDEXES: &str = "SELECT indexdef FROM pg_indexes WHERE tablename = 'thing' ORDER BY 1";
    testkit::on_postgres(THINGS, |db| {
        let mut s = session(db);
        s.exec_batch("CREATE INDEX thing_by_size ON thing (size DESC) WHERE size <> 7").unwrap();
        let before = rows(&mut s, INDEXES);
        s.transaction(|tx| {
            let away = tx.put_indexes_away("thing", None)?;
            assert!(rows(tx, INDEXES).len() < before.len());
            tx.bulk_insert("thing", COLUMNS, (1..=50).map(row))?;
            tx.put_indexes_back(away)
        })
        .unwrap();
        assert!(rows(&mut s, INDEXES) == before);
        s.transaction(|tx| {
            let away = tx.put_indexes_away("thing", Some(&["thing_by_size"]))?;
            assert_eq!(rows(tx, INDEXES).len(), before.len() - 1);
            tx.put_indexes_back(away)
        })
        .unwrap();
        assert!(rows(&mut s, INDEXES) == before);
        let undone = s.transaction(|tx| tx.put_indexes_away("thing", None).and(Err::<(), _>(StoreError::Aborted)));
        assert!(undone.is_err() && rows(&mut s, INDEXES) == before);
    });
}
