//! Who is told of which events, and where.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use kernel::{DivisionCode, UserId};
use serde_json::json;
use store::{Keys, Row, Session, Value, next_ids, stamp};

use crate::ExchangeError;
use crate::guard::Guard;

/// Subscriptions of one account.
const MOST: usize = 20;

/// A subscription's number; never given twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SubscriptionId(pub i64);

/// What someone wants to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSubscription {
    pub account: UserId,
    pub address: String,
    pub events: BTreeSet<String>,
    /// Only what lies here.
    pub division: Option<DivisionCode>,
}

/// One subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    pub id: SubscriptionId,
    pub account: UserId,
    pub address: String,
    pub events: BTreeSet<String>,
    pub division: Option<DivisionCode>,
    pub made_at: DateTime<Utc>,
    pub ended: bool,
}

/// A line of what was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryLine {
    pub id: i64,
    pub event: String,
    /// `waiting`, `delivered`, `failed`.
    pub state: String,
    pub attempts: i64,
    /// Of the last attempt.
    pub status: Option<i64>,
    pub fault: Option<String>,
    pub made_at: DateTime<Utc>,
    pub tried_at: Option<DateTime<Utc>>,
}

/// The context under which a secret is sealed.
pub(crate) fn sealing(id: i64) -> String {
    format!("subscription {id}")
}

/// Makes a subscription; its secret is shown this once.
///
/// # Errors
/// `Address`, `Full`; those of the database.
pub fn subscribe(
    session: &mut Session,
    keys: &Keys,
    guard: &Guard,
    new: &NewSubscription,
    now: DateTime<Utc>,
) -> Result<(SubscriptionId, String), ExchangeError> {
    guard.check(&new.address)?;
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|_| ExchangeError::NoEntropy)?;
    let secret = format!("ylh_{}", hex::encode(bytes));
    session.transaction(|tx| {
        if of_account(tx, new.account)?.len() >= MOST {
            return Err(ExchangeError::Full(MOST));
        }
        let id = next_ids(tx, "subscription", 1)?.start;
        let values = [
            id.into(),
            new.account.into(),
            new.address.as_str().into(),
            json!(new.events).to_string().into(),
            Value::from(new.division.map(|division| division.to_string())),
            keys.seal(&sealing(id), secret.as_bytes()).into(),
            stamp(now).into(),
        ];
        tx.exec(include_str!("../sql/subscription_insert.sql"), &values)?;
        Ok((SubscriptionId(id), secret))
    })
}

/// An account's subscriptions that go on.
///
/// # Errors
/// Those of the database.
pub fn of_account(session: &mut Session, account: UserId) -> Result<Vec<Subscription>, ExchangeError> {
    let rows = session.query(include_str!("../sql/subscription_of_account.sql"), &[account.into()])?;
    rows.iter().map(read).collect()
}

/// Every subscription that goes on.
///
/// # Errors
/// Those of the database.
pub(crate) fn open(session: &mut Session) -> Result<Vec<Subscription>, ExchangeError> {
    session.query(include_str!("../sql/subscription_open.sql"), &[])?.iter().map(read).collect()
}

/// One subscription with its secret.
pub(crate) fn with_secret(
    session: &mut Session,
    keys: &Keys,
    id: i64,
) -> Result<Option<(Subscription, String)>, ExchangeError> {
    let row = session.query_opt(include_str!("../sql/subscription_get.sql"), &[id.into()])?;
    let Some(row) = row else { return Ok(None) };
    let secret = keys.open(&sealing(id), row.blob(7)?);
    let secret = secret.map_err(|cause| ExchangeError::Seal { table: "subscription", cause })?;
    let secret = String::from_utf8(secret).map_err(|_| ExchangeError::Damaged { table: "subscription" })?;
    Ok(Some((read(&row)?, secret)))
}

/// Ends a subscription of an account.
///
/// # Errors
/// `NoSubscription`.
pub fn end(
    session: &mut Session,
    account: UserId,
    id: SubscriptionId,
    now: DateTime<Utc>,
) -> Result<(), ExchangeError> {
    let values = [id.0.into(), account.into(), stamp(now).into()];
    let ended = session.exec(include_str!("../sql/subscription_end.sql"), &values)?;
    if ended == 1 { Ok(()) } else { Err(ExchangeError::NoSubscription) }
}

/// The last deliveries of a subscription, the newest first: those that arrived, those on their way, those given up.
///
/// # Errors
/// Those of the database.
pub fn deliveries(session: &mut Session, id: SubscriptionId) -> Result<Vec<DeliveryLine>, ExchangeError> {
    let rows = session.query(include_str!("../sql/delivery_of_subscription.sql"), &[id.0.into()])?;
    let line = |row: &Row<'_>| {
        Ok(DeliveryLine {
            id: row.int(0)?,
            event: row.text(1)?.to_owned(),
            state: row.text(2)?.to_owned(),
            attempts: row.int(3)?,
            status: row.opt_int(4)?,
            fault: row.opt_text(5)?.map(str::to_owned),
            made_at: moment(row.text(6)?)?,
            tried_at: row.opt_text(7)?.map(moment).transpose()?,
        })
    };
    rows.iter().map(line).collect()
}

fn read(row: &Row<'_>) -> Result<Subscription, ExchangeError> {
    let damaged = || ExchangeError::Damaged { table: "subscription" };
    Ok(Subscription {
        id: SubscriptionId(row.int(0)?),
        account: UserId(row.int(1)?),
        address: row.text(2)?.to_owned(),
        events: serde_json::from_str(row.text(3)?).map_err(|_| damaged())?,
        division: row.opt_text(4)?.map(str::parse).transpose().map_err(|_| damaged())?,
        made_at: moment(row.text(5)?)?,
        ended: row.opt_text(6)?.is_some(),
    })
}

fn moment(text: &str) -> Result<DateTime<Utc>, ExchangeError> {
    let at = DateTime::parse_from_rfc3339(text).map_err(|_| ExchangeError::Damaged { table: "subscription" })?;
    Ok(at.with_timezone(&Utc))
}
