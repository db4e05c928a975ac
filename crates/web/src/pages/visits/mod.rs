//! Visits at the desk: due and made by village, who visits whom, needs found, values said differently, phones.

pub mod assign;
pub mod conflicts;
pub mod files;
pub mod index;
pub mod needs;
pub mod panel;
pub mod phones;
mod visitors;

use chrono::{DateTime, Datelike, Utc};
use kernel::{Date, DivisionCode, UserId};

use crate::desk::Region;
use crate::opened::Opened;

/// Bounds of the codes inside a region, as the care room compares them.
fn bounds(region: Region) -> (String, String) {
    let code = region.division().map(|code| code.to_string()).unwrap_or_default();
    (code.clone(), format!("{code}:"))
}

/// The first day of a day's month.
fn month_start(day: Date) -> Date {
    day.with_day(1).unwrap_or(day)
}

/// What an account is called; its number where it is gone.
fn account_name(opened: &Opened<'_>, user: UserId) -> String {
    let door = opened.app.door();
    let found = door.and_then(|door| opened.ask(|session| door.accounts.user(session, user)).ok());
    found.map_or_else(|| user.to_string(), |user| user.display_name)
}

/// `11-20 09:30`, local.
fn moment(at: DateTime<Utc>) -> String {
    (at + chrono::Duration::hours(8)).format("%m-%d %H:%M").to_string()
}

/// A village inside the region, or the region itself.
fn within(region: Region, code: DivisionCode) -> bool {
    region.contains(code)
}
