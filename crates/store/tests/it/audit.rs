//! Nothing can be done to the audit chain without it showing, and saying where.

use chrono::DateTime;
use serde_json::json;
use store::audit::{AuditError, AuditFault, Entry, append, end, verify};
use store::{Database, Keys, StoreError};
use testkit::{each_database, keys_for};

use crate::session;

fn write(db: &Database, keys: &Keys, count: i64) {
    let mut s = session(db);
    for n in 0..count {
        let entry = Entry {
            at: DateTime::from_timestamp(1_800_000_000 + n, 0).unwrap(),
            actor: "cycle",
            action: "list.accept",
            subject: &format!("L{n:08}"),
            detail: &json!({ "rows": n }),
        };
        append(&mut s, keys, &entry).unwrap();
    }
}

/// Writes eight entries, does `harm` to them with plain SQL, and compares what the check finds.
fn check(harm: &str, expected: &[AuditFault]) {
    each_database(&[], |db| {
        let keys = keys_for(db);
        write(db, &keys, 8);
        session(db).exec_batch(harm).unwrap();
        let report = verify(&mut session(db), &keys).unwrap();
        assert_eq!(report.faults, expected, "{harm}");
    });
}

const COPY: &str = "at, actor, action, subject, detail, previous, hash";

#[test]
fn untouched_chain_is_whole() {
    each_database(&[], |db| {
        let keys = keys_for(db);
        let report = verify(&mut session(db), &keys).unwrap();
        assert_eq!((report.entries, report.faults), (0, vec![]));
        write(db, &keys, 8);
        let report = verify(&mut session(db), &keys).unwrap();
        assert_eq!((report.entries, report.last, report.faults), (8, 8, vec![]));
        let (last, hash) = end(&mut session(db)).unwrap().unwrap();
        assert_eq!((last, hash.len()), (8, 64));
    });
}

#[test]
fn changed_entry_is_found() {
    for column in ["at", "actor", "action", "subject", "detail"] {
        check(&format!("UPDATE audit SET {column} = {column} || ' ' WHERE sequence = 3"), &[AuditFault::Changed(3)]);
    }
    check("UPDATE audit SET hash = previous WHERE sequence = 3", &[AuditFault::Changed(3)]);
    check("UPDATE audit SET previous = hash WHERE sequence = 8", &[AuditFault::Changed(8)]);
}

#[test]
fn removed_entries_are_found_at_the_end_too() {
    check("DELETE FROM audit WHERE sequence = 1", &[AuditFault::Removed(1, 1)]);
    check("DELETE FROM audit WHERE sequence IN (3, 4, 6)", &[AuditFault::Removed(3, 4), AuditFault::Removed(6, 6)]);
    check("DELETE FROM audit WHERE sequence >= 7", &[AuditFault::Removed(7, 8)]);
    check("DELETE FROM audit", &[AuditFault::Removed(1, 8)]);
    check(
        "DELETE FROM audit WHERE sequence = 3; UPDATE audit SET sequence = sequence - 1 WHERE sequence = 4",
        &[AuditFault::Removed(3, 3), AuditFault::Moved { entry: 4, found_at: 3 }],
    );
}

#[test]
fn cut_end_with_its_head_set_back_is_found_and_not_built_upon() {
    each_database(&[], |db| {
        let keys = keys_for(db);
        write(db, &keys, 8);
        let harm = "DELETE FROM audit WHERE sequence > 6;
                    UPDATE audit_head SET sequence = 6, hash = (SELECT hash FROM audit WHERE sequence = 6)";
        session(db).exec_batch(harm).unwrap();
        let report = verify(&mut session(db), &keys).unwrap();
        assert_eq!(report.faults, [AuditFault::HeadChanged, AuditFault::Removed(7, 8)]);
        let entry = Entry { at: DateTime::UNIX_EPOCH, actor: "a", action: "b", subject: "c", detail: &json!({}) };
        assert_eq!(append(&mut session(db), &keys, &entry), Err(AuditError::HeadChanged));
        let report = verify(&mut session(db), &keys).unwrap();
        assert_eq!(report.faults, [AuditFault::HeadChanged, AuditFault::Removed(7, 8)]);
    });
}

#[test]
fn inserted_entry_is_found() {
    let copy = |from: i64, to: i64| {
        format!("INSERT INTO audit (sequence, {COPY}) SELECT {to}, {COPY} FROM audit WHERE sequence = {from}")
    };
    check(&copy(8, 9), &[AuditFault::Inserted(9)]);
    check(&copy(2, 0), &[AuditFault::Inserted(0)]);
    let renumbered = format!("UPDATE audit SET sequence = 9 WHERE sequence = 8; {}", copy(7, 8));
    check(&renumbered, &[AuditFault::Inserted(8), AuditFault::Moved { entry: 8, found_at: 9 }]);
}

#[test]
fn reordered_entries_are_found() {
    let swap = "UPDATE audit SET sequence = -3 WHERE sequence = 3;
                UPDATE audit SET sequence = 3 WHERE sequence = 5;
                UPDATE audit SET sequence = 5 WHERE sequence = -3";
    check(swap, &[AuditFault::Moved { entry: 3, found_at: 5 }, AuditFault::Moved { entry: 5, found_at: 3 }]);
}

#[test]
fn missing_and_forged_ends_are_found() {
    check("DELETE FROM audit_head", &[AuditFault::HeadMissing]);
    check("UPDATE audit_head SET sequence = 9223372036854775807", &[AuditFault::HeadChanged]);
    check("UPDATE audit_head SET seal = secret", &[AuditFault::HeadChanged]);
    check("UPDATE audit_head SET secret = seal", &[AuditFault::HeadChanged]);
}

#[test]
fn entry_goes_with_its_transaction() {
    each_database(&[], |db| {
        let keys = keys_for(db);
        write(db, &keys, 2);
        let undone = session(db).transaction(|tx| {
            let entry = Entry { at: DateTime::UNIX_EPOCH, actor: "a", action: "b", subject: "c", detail: &json!({}) };
            append(tx, &keys, &entry)?;
            Err::<(), AuditError>(StoreError::Aborted.into())
        });
        assert!(undone.is_err());
        write(db, &keys, 1);
        assert_eq!(verify(&mut session(db), &keys).unwrap().last, 3);
    });
}

#[test]
fn writers_at_once_make_one_chain() {
    each_database(&[], |db| {
        let keys = keys_for(db);
        std::thread::scope(|threads| {
            for _ in 0..4 {
                threads.spawn(|| write(db, &keys, 10));
            }
        });
        let report = verify(&mut session(db), &keys).unwrap();
        assert_eq!((report.entries, report.faults), (40, vec![]));
    });
}

#[test]
fn chain_needs_attached_keys() {
    each_database(&[], |db| {
        let entry = Entry { at: DateTime::UNIX_EPOCH, actor: "a", action: "b", subject: "c", detail: &json!({}) };
        assert_eq!(append(&mut session(db), &Keys::generate(), &entry), Err(AuditError::NotBegun));
    });
}
