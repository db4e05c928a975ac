//! Values in, values out; transactions; the pool.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use kernel::{PersonId, parse_date};
use store::{Database, DatabaseUrl, Options, Session, StoreError, Value, counter, setting};
use testkit::each_database;

use crate::{THINGS, rows, session};

const ADD: &str = "INSERT INTO thing (id, name, share, sealed, size) VALUES ($1, $2, $3, $4, $5)";

fn add(session: &mut Session, id: i64, name: &str) -> Result<u64, StoreError> {
    session.exec(ADD, &[id.into(), name.into(), Value::Null, Value::Null, Value::Null])
}

#[test]
fn every_kind_of_value_comes_back_as_it_went() {
    each_database(THINGS, |db| {
        let mut s = session(db);
        let date = parse_date("2026-11-20").unwrap();
        let given = [PersonId(7).into(), date.into(), 0.1.into(), vec![0_u8, 255].into(), Value::Null];
        assert_eq!(s.exec(ADD, &given).unwrap(), 1);
        let row = s.query_one("SELECT id, name, share, sealed, size FROM thing", &[]).unwrap();
        assert_eq!((row.int(0).unwrap(), row.date(1).unwrap()), (7, date));
        assert_eq!((row.real(2).unwrap(), row.blob(3).unwrap()), (0.1, &[0, 255][..]));
        assert_eq!(row.opt_int(4).unwrap(), None);
        assert_eq!(row.len(), 5);
        for extreme in [i64::MIN, -1, 0, i64::MAX] {
            let back = s.query_one("SELECT CAST($1 AS BIGINT)", &[extreme.into()]).unwrap();
            assert_eq!(back.int(0).unwrap(), extreme);
        }
        let back = s.query_one("SELECT CAST($1 AS TEXT)", &["努尔·阿依 𠮷".into()]).unwrap();
        assert_eq!(back.text(0).unwrap(), "努尔·阿依 𠮷");
    });
}

#[test]
fn parameters_may_stand_in_any_order_and_repeat() {
    each_database(THINGS, |db| {
        let mut s = session(db);
        add(&mut s, 1, "a").unwrap();
        add(&mut s, 2, "b").unwrap();
        let sql = "SELECT id FROM thing WHERE name = $2 AND id = $1 AND $2 <> 'z' LIMIT $3";
        assert_eq!(s.query_one(sql, &[2.into(), "b".into(), 5.into()]).unwrap().int(0).unwrap(), 2);
    });
}

#[test]
fn truth_sums_counts_and_averages_read_alike() {
    each_database(THINGS, |db| {
        let mut s = session(db);
        for (id, name) in [(1, "a"), (2, "b"), (40_000_000_000, "c")] {
            add(&mut s, id, name).unwrap();
        }
        let sql =
            "SELECT COUNT(*), SUM(id), AVG(id) > 1, MAX(name), SUM(CAST(id AS DOUBLE PRECISION)), -SUM(id) FROM thing";
        let row = s.query_one(sql, &[]).unwrap();
        assert_eq!((row.int(0).unwrap(), row.int(1).unwrap()), (3, 40_000_000_003));
        assert!(row.bool(2).unwrap());
        assert_eq!((row.text(3).unwrap(), row.real(4).unwrap()), ("c", 40_000_000_003.0));
        assert_eq!(row.int(5).unwrap(), -40_000_000_003);
        assert_eq!(s.query_one("SELECT AVG(id) FROM thing WHERE id < 3", &[]).unwrap().real(0).unwrap(), 1.5);
        let above = "SELECT COUNT(*) FROM (SELECT name FROM thing GROUP BY name HAVING SUM(id) > $1) AS big";
        assert_eq!(s.query_one(above, &[1.into()]).unwrap().int(0).unwrap(), 2);
    });
}

#[test]
fn text_compares_by_bytes() {
    each_database(THINGS, |db| {
        let mut s = session(db);
        for (id, name) in ["b", "A", "a", "B", "汗", "é", "_"].into_iter().enumerate() {
            add(&mut s, id as i64, name).unwrap();
        }
        let mut names = Vec::new();
        s.query_each("SELECT name FROM thing ORDER BY name", &[], |row| {
            names.push(row.text(0)?.to_owned());
            Ok::<_, StoreError>(())
        })
        .unwrap();
        assert_eq!(names.concat(), "AB_abé汗");
    });
}

#[test]
fn like_tells_capitals_from_small_letters_and_quoted_words_are_names() {
    each_database(THINGS, |db| {
        let mut s = session(db);
        add(&mut s, 1, "Aba").unwrap();
        let like = "SELECT COUNT(*) FROM thing WHERE name LIKE $1";
        for (pattern, found) in [("Ab%", 1), ("ab%", 0), ("%b%", 1), ("A_a", 1)] {
            assert_eq!(s.query_one(like, &[pattern.into()]).unwrap().int(0).unwrap(), found, "{pattern}");
        }
        assert!(s.query("SELECT id FROM thing WHERE name = \"Aba\"", &[]).is_err());
    });
}

#[test]
fn reading_row_by_row_stops_where_the_reader_stops() {
    each_database(THINGS, |db| {
        let mut s = session(db);
        for id in 0..10 {
            add(&mut s, id, &id.to_string()).unwrap();
        }
        let mut seen = 0;
        let stopped = s.query_each("SELECT id FROM thing ORDER BY id", &[], |row| {
            seen += 1;
            if row.int(0)? == 3 { Err(StoreError::Aborted) } else { Ok(()) }
        });
        assert_eq!((stopped, seen), (Err(StoreError::Aborted), 4));
        assert_eq!(rows(&mut s, "SELECT COUNT(*) FROM thing"), [[Value::Int(10)]]);
    });
}

#[test]
fn changed_rows_are_counted() {
    each_database(THINGS, |db| {
        let mut s = session(db);
        for id in 0..4 {
            add(&mut s, id, &id.to_string()).unwrap();
        }
        assert_eq!(s.exec("UPDATE thing SET size = 1 WHERE id < $1", &[3.into()]).unwrap(), 3);
        assert_eq!(s.exec("SELECT id FROM thing", &[]).unwrap(), 0);
        assert_eq!(s.exec("CREATE TABLE other (id BIGINT)", &[]).unwrap(), 0);
        assert_eq!(s.exec("DELETE FROM thing WHERE size = 1", &[]).unwrap(), 3);
    });
}

#[test]
fn transaction_is_kept_on_success_and_undone_on_failure_and_panic() {
    each_database(THINGS, |db| {
        let mut s = session(db);
        s.transaction(|tx| add(tx, 1, "kept")).unwrap();
        let failed = s.transaction(|tx| add(tx, 2, "lost").and(Err::<(), _>(StoreError::Aborted)));
        assert_eq!(failed, Err(StoreError::Aborted));
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            s.transaction(|tx| -> Result<(), StoreError> {
                add(tx, 3, "lost too")?;
                panic!("on purpose")
            })
        }));
        assert!(panicked.is_err());
        assert!(!s.in_transaction());
        add(&mut s, 4, "after").unwrap();
        drop(s);
        assert_eq!(rows(&mut session(db), "SELECT id FROM thing ORDER BY id"), [[Value::Int(1)], [Value::Int(4)]]);
    });
}

#[test]
fn swallowed_failure_does_not_commit_half() {
    each_database(THINGS, |db| {
        let mut s = session(db);
        let result = s.transaction(|tx| {
            add(tx, 1, "a")?;
            assert!(add(tx, 2, "a").unwrap_err().is_duplicate());
            assert_eq!(add(tx, 3, "c"), Err(StoreError::Aborted));
            Ok::<_, StoreError>(())
        });
        assert_eq!(result, Err(StoreError::Aborted));
        assert_eq!(rows(&mut s, "SELECT COUNT(*) FROM thing"), [[Value::Int(0)]]);
    });
}

#[test]
fn transactions_do_not_nest() {
    each_database(THINGS, |db| {
        let nested = session(db).transaction(|tx| tx.transaction(|_| Ok::<_, StoreError>(())));
        assert_eq!(nested, Err(StoreError::Nested));
    });
}

#[test]
fn reading_sees_one_state_and_can_not_write() {
    each_database(THINGS, |db| {
        let (mut reader, mut writer) = (session(db), session(db));
        reader
            .reading(|tx| {
                assert_eq!(rows(tx, "SELECT COUNT(*) FROM thing"), [[Value::Int(0)]]);
                add(&mut writer, 1, "meanwhile")?;
                assert_eq!(rows(tx, "SELECT COUNT(*) FROM thing"), [[Value::Int(0)]]);
                Ok::<_, StoreError>(())
            })
            .unwrap();
        let refused = reader.reading(|tx| add(tx, 2, "no"));
        assert!(matches!(refused, Err(StoreError::Statement { .. })), "{refused:?}");
        add(&mut reader, 3, "afterwards").unwrap();
    });
}

#[test]
fn ids_are_handed_out_once_and_without_gaps() {
    each_database(THINGS, |db| {
        let mut s = session(db);
        assert_eq!(counter::next_ids(&mut s, "person", 3).unwrap(), 1..4);
        let undone = s.transaction(|tx| {
            assert_eq!(counter::next_ids(tx, "person", 2)?, 4..6);
            Err::<(), _>(StoreError::Aborted)
        });
        assert!(undone.is_err());
        assert_eq!(counter::next_ids(&mut s, "person", 1).unwrap(), 4..5);
        assert_eq!(counter::next_ids(&mut s, "list", 0).unwrap(), 1..1);
    });
}

#[test]
fn setting_is_read_as_last_set() {
    each_database(THINGS, |db| {
        let mut s = session(db);
        assert_eq!(setting::get(&mut s, "as_of").unwrap(), None);
        setting::set(&mut s, "as_of", "2026-11-19").unwrap();
        setting::set(&mut s, "as_of", "2026-11-20").unwrap();
        assert_eq!(setting::get(&mut s, "as_of").unwrap().as_deref(), Some("2026-11-20"));
    });
}

#[test]
fn pool_lends_each_connection_to_one_thread_and_waits_for_more() {
    each_database(THINGS, |db| {
        let options = Options { connections: 2, busy: Duration::from_millis(200) };
        let db = &Database::open_with(db.url(), options).unwrap();
        let (first, _second) = (session(db), session(db));
        assert!(matches!(db.session(), Err(StoreError::Busy { .. })));
        drop(first);
        std::thread::scope(|threads| {
            for worker in 0..8 {
                threads.spawn(move || add(&mut session(db), worker, &worker.to_string()).unwrap());
            }
        });
    });
}

#[test]
fn addresses_are_read_and_shown_without_password() {
    let url: DatabaseUrl = "postgres://clerk:secret@db.local:5432/yilian?sslmode=disable".parse().unwrap();
    assert_eq!(url.to_string(), "postgres://clerk@db.local:5432/yilian");
    assert!(!format!("{url:?}").contains("secret"));
    assert_eq!("sqlite:data/yilian.db".parse(), Ok(DatabaseUrl::file("data/yilian.db")));
    assert_eq!("/srv/yilian.db".parse(), Ok(DatabaseUrl::file("/srv/yilian.db")));
    assert_eq!("sqlite::memory:".parse(), Ok(DatabaseUrl::Temporary));
    assert!("mysql://x".parse::<DatabaseUrl>().is_err() && "sqlite:".parse::<DatabaseUrl>().is_err());
}
