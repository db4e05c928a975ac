//! Jobs are as durable as what caused them, done by one worker at a time and tried again.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use store::jobs::{Backoff, Job, JobError, NewJob, claim, complete, enqueue, extend, fail};
use store::{Database, StoreError};
use testkit::each_database;

use crate::session;

const LEASE: TimeDelta = TimeDelta::seconds(60);
const BACKOFF: Backoff = Backoff { first: TimeDelta::seconds(10), longest: TimeDelta::seconds(15) };

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
}

fn add(db: &Database, key: Option<&str>, due: i64) -> Option<i64> {
    let job = NewJob { kind: "mail", key, payload: &json!({ "run": due }), due: at(due), most_attempts: 3 };
    enqueue(&mut session(db), &job, at(0)).unwrap()
}

fn take(db: &Database, now: i64) -> Option<Job> {
    claim(&mut session(db), "mail", at(now), LEASE).unwrap()
}

#[test]
fn jobs_come_by_due_time_and_only_once() {
    each_database(&[], |db| {
        let (late, early) = (add(db, None, 20), add(db, None, 10));
        assert_eq!(take(db, 9), None);
        let first = take(db, 30).unwrap();
        assert_eq!((Some(first.id), &first.payload, first.attempt), (early, &json!({ "run": 10 }), 1));
        assert_eq!(take(db, 30).map(|job| job.id), late);
        assert_eq!(take(db, 30), None);
        assert_eq!(claim(&mut session(db), "other", at(30), LEASE).unwrap(), None);
        complete(&mut session(db), &first, at(31)).unwrap();
        assert_eq!(take(db, 31), None);
    });
}

#[test]
fn same_key_is_written_once_even_after_it_is_done() {
    each_database(&[], |db| {
        assert!(add(db, Some("run 1"), 0).is_some());
        assert_eq!(add(db, Some("run 1"), 0), None);
        complete(&mut session(db), &take(db, 0).unwrap(), at(1)).unwrap();
        assert_eq!(add(db, Some("run 1"), 0), None);
        assert!(add(db, Some("run 2"), 0).is_some());
    });
}

#[test]
fn job_goes_with_the_transaction_that_caused_it() {
    each_database(&[], |db| {
        let undone = session(db).transaction(|tx| {
            let job = NewJob { kind: "mail", key: None, payload: &json!({}), due: at(0), most_attempts: 1 };
            enqueue(tx, &job, at(0))?;
            Err::<(), _>(StoreError::Aborted)
        });
        assert!(undone.is_err());
        assert_eq!(take(db, 0), None);
    });
}

#[test]
fn failed_job_waits_longer_each_time_and_then_stays_failed() {
    each_database(&[], |db| {
        add(db, None, 0);
        let mut again = Vec::new();
        let mut now = 0;
        for _ in 0..3 {
            let job = take(db, now).unwrap();
            assert_eq!(take(db, now), None);
            let due = fail(&mut session(db), &job, "no_answer", at(now), BACKOFF).unwrap();
            again.push(due.map(|due| (due - at(now)).num_seconds()));
            now = due.map_or(now, |due| (due - at(0)).num_seconds());
        }
        assert_eq!(again, [Some(10), Some(15), None]);
        assert_eq!(take(db, now + 1_000), None);
        let row = session(db).query_one("SELECT state, fault FROM job", &[]).unwrap();
        assert_eq!((row.text(0).unwrap(), row.text(1).unwrap()), ("failed", "no_answer"));
    });
}

#[test]
fn dead_worker_loses_its_lease() {
    each_database(&[], |db| {
        let id = add(db, None, 0).unwrap();
        let dead = take(db, 0).unwrap();
        assert_eq!(take(db, 59), None);
        let next = take(db, 60).unwrap();
        assert_eq!((next.id, next.attempt), (id, 2));
        assert_eq!(complete(&mut session(db), &dead, at(61)), Err(JobError::LeaseLost { id }));
        assert_eq!(fail(&mut session(db), &dead, "late", at(61), BACKOFF), Err(JobError::LeaseLost { id }));
        extend(&mut session(db), &next, at(500)).unwrap();
        assert_eq!(take(db, 499), None);
        assert_eq!(take(db, 500).unwrap().attempt, 3);
        assert_eq!(take(db, 10_000), None, "three attempts that killed their worker are enough");
        assert_eq!(session(db).query_one("SELECT fault FROM job", &[]).unwrap().text(0).unwrap(), "lease_expired");
    });
}

#[test]
fn workers_never_share_a_job() {
    each_database(&[], |db| {
        for _ in 0..40 {
            add(db, None, 0);
        }
        let work = || std::iter::from_fn(|| take(db, 1)).map(|job| job.id).collect::<Vec<_>>();
        let mut done: Vec<i64> = std::thread::scope(|threads| {
            let workers: Vec<_> = (0..4).map(|_| threads.spawn(work)).collect();
            workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
        });
        done.sort_unstable();
        assert_eq!(done, (1..=40).collect::<Vec<_>>());
    });
}
