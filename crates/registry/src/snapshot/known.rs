//! What was known when: the lists taken by a day, and which statements are in force on another.

use std::collections::HashMap;

use kernel::{Date, DivisionCode};
use store::{Row, Session, Value};

use super::Moment;
use crate::RegistryError;
use crate::ingest::lists::read_scope;

/// One list that counts.
#[derive(Clone, Debug)]
pub(super) struct KnownList {
    pub source: String,
    pub date: Date,
    pub scope: Option<DivisionCode>,
    pub full: bool,
}

/// The lists taken by the recording date asked for.
pub(super) struct Known {
    pub lists: HashMap<i64, KnownList>,
    as_of: String,
    /// What a list up to this one closed by the day is of no interest; none: all of it is.
    last_list: Option<i64>,
}

/// Columns of a statement that say when it holds, from some column on:
/// `valid_from, valid_until, list, closed_on, closed_by`.
pub(super) struct Times<'r> {
    pub from: &'r str,
    until: Option<&'r str>,
    pub list: i64,
    closed_on: Option<&'r str>,
    closed_by: Option<i64>,
}

impl Known {
    pub fn load(session: &mut Session, moment: &Moment) -> Result<Self, RegistryError> {
        let mut lists = HashMap::new();
        session.query_each(include_str!("../../sql/list_accepted.sql"), &[], |row| {
            let by_then = moment.last_list.is_none_or(|last| row.int(0).is_ok_and(|id| id <= last.0));
            if by_then && moment.known_at.is_none_or(|known| row.date(5).is_ok_and(|received| received <= known)) {
                let list = KnownList {
                    source: row.text(1)?.to_owned(),
                    date: row.date(2)?,
                    scope: read_scope(row.text(3)?)?,
                    full: row.text(4)? == "full",
                };
                lists.insert(row.int(0)?, list);
            }
            Ok::<_, RegistryError>(())
        })?;
        // What was known on an earlier day is told by the lists' days and not by their numbers.
        let last_list = moment.known_at.is_none().then(|| moment.last_list.map_or(i64::MAX, |list| list.0));
        Ok(Self { lists, as_of: moment.as_of.to_string(), last_list })
    }

    /// The parameters of a layout's statements that leave out what had ended by the day.
    pub fn closed_before(&self, layout: i64) -> [Value; 3] {
        let day = if self.last_list.is_some() { self.as_of.as_str() } else { "" };
        [layout.into(), day.into(), self.last_list.unwrap_or(0).into()]
    }

    /// Whether the statement had been recorded and not yet replaced.
    pub fn is_recorded(&self, times: &Times<'_>) -> bool {
        self.lists.contains_key(&times.list)
    }

    /// Whether a list known by then ended it.
    pub fn is_closed(&self, times: &Times<'_>) -> bool {
        times.closed_by.is_some_and(|list| self.lists.contains_key(&list))
    }

    /// Whether it is in force on the day. ISO dates compare as texts.
    pub fn is_in_force(&self, times: &Times<'_>) -> bool {
        let day = self.as_of.as_str();
        self.is_recorded(times)
            && times.from <= day
            && times.until.is_none_or(|until| day < until)
            && !(self.is_closed(times) && times.closed_on.is_some_and(|on| on <= day))
    }

    /// The day on which it ceased or ceases to hold, as known.
    pub fn ends(&self, times: &Times<'_>) -> Option<String> {
        let closed = times.closed_on.filter(|_| self.is_closed(times));
        [times.until, closed].into_iter().flatten().min().map(str::to_owned)
    }
}

impl<'r> Times<'r> {
    pub fn read(row: &'r Row<'_>, at: usize) -> Result<Self, RegistryError> {
        Ok(Self {
            from: row.text(at)?,
            until: row.opt_text(at + 1)?,
            list: row.int(at + 2)?,
            closed_on: row.opt_text(at + 3)?,
            closed_by: row.opt_int(at + 4)?,
        })
    }
}
