//! Phones and browsers that hold people's data: whose they are, how far their clocks are off, what they were given.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use kernel::{PersonId, UserId};
use sha2::{Digest, Sha256};
use store::{Session, stamp};

use crate::read::moment;
use crate::{CareError, OperationId};

/// A device as it asks for something.
#[derive(Clone, Copy, Debug)]
pub struct Contact<'c> {
    pub device: &'c OperationId,
    pub user: UserId,
    /// What the browser calls itself.
    pub label: &'c str,
    pub now: DateTime<Utc>,
    /// By the device's clock.
    pub sent_at: DateTime<Utc>,
}

/// Whether a device is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Met {
    /// So far its clock is ahead, in milliseconds.
    Known { clock_off_ms: i64 },
    /// It belongs to another account.
    OfAnother,
    /// It was reported lost: it has to forget everything.
    Lost,
}

/// A line of the desk's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    pub id: String,
    pub user: UserId,
    pub label: String,
    pub lost: bool,
    pub made_at: DateTime<Utc>,
    pub seen_at: DateTime<Utc>,
    pub clock_off_ms: i64,
}

const LABEL: usize = 120;

/// Notes that a device made itself known; a new one is taken down as the account's.
///
/// # Errors
/// Those of the database.
pub fn meet(db: &mut Session, contact: &Contact<'_>) -> Result<Met, CareError> {
    let off = contact.sent_at.signed_duration_since(contact.now).num_milliseconds();
    let now = stamp(contact.now);
    db.transaction(|tx| {
        let label: String = contact.label.chars().filter(|c| !c.is_control()).take(LABEL).collect();
        let fresh = [contact.device.into(), contact.user.into(), label.into(), now.as_str().into(), off.into()];
        tx.exec(include_str!("../sql/device_insert.sql"), &fresh)?;
        let row = tx.query_one(include_str!("../sql/device_get.sql"), &[contact.device.into()])?;
        if row.int(0)? != contact.user.0 {
            return Ok(Met::OfAnother);
        }
        if row.text(1)? == "lost" {
            return Ok(Met::Lost);
        }
        tx.exec(include_str!("../sql/device_seen.sql"), &[contact.device.into(), now.as_str().into(), off.into()])?;
        Ok(Met::Known { clock_off_ms: off })
    })
}

/// Whether a device was reported lost; one that nobody knows was not.
///
/// # Errors
/// Those of the database.
pub fn is_lost(db: &mut Session, device: &OperationId) -> Result<bool, CareError> {
    let row = db.query_opt(include_str!("../sql/device_get.sql"), &[device.into()])?;
    Ok(row.is_some_and(|row| row.text(1).is_ok_and(|state| state == "lost")))
}

/// Whose a device is.
///
/// # Errors
/// Those of the database.
pub fn owner(db: &mut Session, device: &OperationId) -> Result<Option<UserId>, CareError> {
    let row = db.query_opt(include_str!("../sql/device_get.sql"), &[device.into()])?;
    Ok(row.map(|row| row.int(0)).transpose()?.map(UserId))
}

/// The devices of an account, the last seen first.
///
/// # Errors
/// Those of the database.
pub fn of_account(db: &mut Session, user: UserId) -> Result<Vec<Device>, CareError> {
    let rows = db.query(include_str!("../sql/device_of_account.sql"), &[user.into()])?;
    rows.iter()
        .map(|row| {
            Ok(Device {
                id: row.text(0)?.to_owned(),
                user: UserId(row.int(1)?),
                label: row.text(2)?.to_owned(),
                lost: row.text(3)? == "lost",
                made_at: moment(row, 4)?,
                seen_at: moment(row, 5)?,
                clock_off_ms: row.int(6)?,
            })
        })
        .collect()
}

/// Reports a device lost or found again. Gives whose it is.
///
/// # Errors
/// `Unknown`.
pub fn set_lost(db: &mut Session, device: &OperationId, lost: bool) -> Result<UserId, CareError> {
    let state = if lost { "lost" } else { "in_use" };
    db.transaction(|tx| {
        let row = tx.query_opt(include_str!("../sql/device_get.sql"), &[device.into()])?;
        let row = row.ok_or_else(|| CareError::Unknown { what: "device", id: device.to_string() })?;
        tx.exec(include_str!("../sql/device_set_state.sql"), &[device.into(), state.into()])?;
        Ok(UserId(row.int(0)?))
    })
}

/// Somebody the device should hold, with digests of what it would be given and of who they are.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub person: PersonId,
    pub digest: Vec<u8>,
    pub who_digest: Vec<u8>,
}

impl Wanted {
    /// `card`: all that would be given; `who`: the part that says who they are.
    #[must_use]
    pub fn of(person: PersonId, card: &[u8], who: &[u8]) -> Self {
        Self { person, digest: Sha256::digest(card).to_vec(), who_digest: Sha256::digest(who).to_vec() }
    }
}

/// What changed for a device since its cursor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delta {
    pub cursor: i64,
    pub send: Vec<PersonId>,
    pub forget: Vec<PersonId>,
    /// Whose name, phone or address goes to the device now.
    pub shown: Vec<PersonId>,
}

/// Brings what the device holds to what it should hold, and says what to send. An answer that got lost is given again
/// when the device asks with its old cursor.
///
/// # Errors
/// Those of the database.
pub fn hold(db: &mut Session, device: &OperationId, wanted: &[Wanted], cursor: i64) -> Result<Delta, CareError> {
    db.transaction(|tx| {
        let row = tx.query_one(include_str!("../sql/device_take_generation.sql"), &[device.into()])?;
        let (before, next) = (row.int(0)? - 1, row.int(0)?);
        let cursor = if cursor > before { 0 } else { cursor };
        let mut held = BTreeMap::new();
        for row in tx.query(include_str!("../sql/held_of_device.sql"), &[device.into()])? {
            let line = (row.blob(1)?.to_vec(), row.blob(2)?.to_vec(), row.int(3)?, row.int(4)? == 1);
            held.insert(PersonId(row.int(0)?), line);
        }
        let mut delta = Delta { cursor: next, ..Delta::default() };
        for want in wanted {
            let line = held.remove(&want.person);
            let new_to_it =
                cursor == 0 || line.as_ref().is_none_or(|(_, who, _, gone)| *gone || *who != want.who_digest);
            let stands = line
                .as_ref()
                .filter(|(digest, who, _, gone)| !gone && *digest == want.digest && *who == want.who_digest);
            if let Some((.., generation, _)) = stands {
                if *generation > cursor {
                    delta.send.push(want.person);
                    if cursor == 0 {
                        delta.shown.push(want.person);
                    }
                }
                continue;
            }
            let values = [
                device.into(),
                want.person.into(),
                want.digest.clone().into(),
                want.who_digest.clone().into(),
                next.into(),
            ];
            tx.exec(include_str!("../sql/held_set.sql"), &values)?;
            delta.send.push(want.person);
            if new_to_it {
                delta.shown.push(want.person);
            }
        }
        for (person, (.., generation, gone)) in held {
            if !gone {
                tx.exec(include_str!("../sql/held_gone.sql"), &[device.into(), person.into(), next.into()])?;
                delta.forget.push(person);
            } else if generation > cursor {
                delta.forget.push(person);
            }
        }
        Ok(delta)
    })
}
