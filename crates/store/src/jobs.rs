//! Work to be done later: written in the transaction of the change that caused it, so it is exactly as durable.
//!
//! A worker claims a job for a while. If it dies, the lease runs out and another claims the job again; what it
//! does must therefore bear being done twice, or be completed in the transaction that does it.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{Dialect, Row, Session, StoreError, counter, stamp};

/// A job to be written. `payload` holds ids, never people's data.
#[derive(Clone, Copy, Debug)]
pub struct NewJob<'j> {
    pub kind: &'j str,
    /// A job of the same kind and key is written once, however often it is asked for.
    pub key: Option<&'j str>,
    pub payload: &'j serde_json::Value,
    /// Not before this time.
    pub due: DateTime<Utc>,
    /// After so many attempts it stays failed.
    pub most_attempts: u32,
}

/// A claimed job.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    pub id: i64,
    pub kind: String,
    pub payload: serde_json::Value,
    /// This attempt's number, from 1.
    pub attempt: i64,
    most_attempts: i64,
}

/// How long to wait before trying again: `first` after the first failure, doubling up to `longest`.
#[derive(Clone, Copy, Debug)]
pub struct Backoff {
    pub first: TimeDelta,
    pub longest: TimeDelta,
}

/// Why a job can't be written or finished.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JobError {
    #[error("job {id} is no longer held by this worker: its lease ran out")]
    LeaseLost { id: i64 },
    #[error("job {id} holds no readable payload")]
    Payload { id: i64 },
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// Jobs that are not done, by state: waiting, running, failed.
///
/// # Errors
/// Every `StoreError` of a query.
pub fn counts(session: &mut Session) -> Result<Vec<(String, i64)>, StoreError> {
    let rows = session.query(include_str!("../sql/job_counts.sql"), &[])?;
    rows.iter().map(|row| Ok((row.text(0)?.to_owned(), row.int(1)?))).collect()
}

/// Writes a job in the caller's transaction. Returns its id, or `None` when its key was there already.
///
/// # Errors
/// Every `StoreError` of an insert.
pub fn enqueue(session: &mut Session, job: &NewJob<'_>, now: DateTime<Utc>) -> Result<Option<i64>, StoreError> {
    session.joined(|tx| {
        if let Some(key) = job.key
            && tx.query_opt(include_str!("../sql/job_known.sql"), &[job.kind.into(), key.into()])?.is_some()
        {
            return Ok(None);
        }
        let id = counter::next_ids(tx, "job", 1)?.start;
        let values = [
            id.into(),
            job.kind.into(),
            job.key.into(),
            job.payload.to_string().into(),
            job.most_attempts.into(),
            stamp(now).into(),
            stamp(job.due).into(),
        ];
        // Another transaction may write the same key in the meantime.
        Ok((tx.exec(include_str!("../sql/job_add.sql"), &values)? == 1).then_some(id))
    })
}

/// Takes the job of the kind that has been due longest, for the time of `lease`.
///
/// # Errors
/// Every `StoreError` of an update; `Payload` when the job was written by something else.
pub fn claim(session: &mut Session, kind: &str, now: DateTime<Utc>, lease: TimeDelta) -> Result<Option<Job>, JobError> {
    let sql = match session.dialect() {
        Dialect::Sqlite => include_str!("../sql/job_claim.sqlite.sql"),
        Dialect::Postgres => include_str!("../sql/job_claim.postgres.sql"),
    };
    session.joined(|tx| {
        tx.exec(include_str!("../sql/job_give_up.sql"), &[kind.into(), stamp(now).into()])?;
        let row = tx.query_opt(sql, &[kind.into(), stamp(now).into(), stamp(now + lease).into()])?;
        row.map(|row| read(&row, kind)).transpose()
    })
}

/// Marks the job done, if this worker still holds it.
///
/// # Errors
/// `LeaseLost`.
pub fn complete(session: &mut Session, job: &Job, now: DateTime<Utc>) -> Result<(), JobError> {
    let values = [job.id.into(), job.attempt.into(), stamp(now).into()];
    held(job, session.exec(include_str!("../sql/job_complete.sql"), &values)?)
}

/// Gives the job back after a failure: due again later, or failed for good after its last attempt.
/// `fault` is a code, never a text with data in it. Returns when it is due again.
///
/// # Errors
/// `LeaseLost`.
pub fn fail(
    session: &mut Session,
    job: &Job,
    fault: &str,
    now: DateTime<Utc>,
    backoff: Backoff,
) -> Result<Option<DateTime<Utc>>, JobError> {
    let again = (job.attempt < job.most_attempts).then(|| now + backoff.after(job.attempt));
    let (state, finished) = if again.is_some() { ("waiting", None) } else { ("failed", Some(stamp(now))) };
    let values = [
        job.id.into(),
        job.attempt.into(),
        state.into(),
        stamp(again.unwrap_or(now)).into(),
        finished.into(),
        fault.into(),
    ];
    held(job, session.exec(include_str!("../sql/job_fail.sql"), &values)?)?;
    Ok(again)
}

/// Holds the job for longer.
///
/// # Errors
/// `LeaseLost`.
pub fn extend(session: &mut Session, job: &Job, until: DateTime<Utc>) -> Result<(), JobError> {
    let values = [job.id.into(), job.attempt.into(), stamp(until).into()];
    held(job, session.exec(include_str!("../sql/job_extend.sql"), &values)?)
}

impl Backoff {
    fn after(self, attempt: i64) -> TimeDelta {
        let doublings = u32::try_from(attempt - 1).unwrap_or(0).min(20);
        self.first.checked_mul(1 << doublings).map_or(self.longest, |wait| wait.min(self.longest))
    }
}

fn held(job: &Job, changed: u64) -> Result<(), JobError> {
    if changed == 1 { Ok(()) } else { Err(JobError::LeaseLost { id: job.id }) }
}

fn read(row: &Row<'_>, kind: &str) -> Result<Job, JobError> {
    let id = row.int(0)?;
    let payload = serde_json::from_str(row.text(1)?).map_err(|_| JobError::Payload { id })?;
    Ok(Job { id, kind: kind.to_owned(), payload, attempt: row.int(2)?, most_attempts: row.int(3)? })
}
