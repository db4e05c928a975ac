//! What was known when: the lists taken by a day, and which statements are in force on another.

use std::collections::HashMap;

use kernel::{Date, DivisionCode};
use store::{Row, Session, Value};

use super::Moment;
use crate::RegistryError;
use crate::ingest::lists::read_scope;
use crate::sources::{ScopeBy, Source};

/// One list that counts.
#[derive(Clone, Debug)]
pub(super) struct KnownList {
    pub source: String,
    pub date: Date,
    pub scope: Option<DivisionCode>,
    pub full: bool,
}

/// The lists taken by the recording date asked for: all of them for a snapshot; for one subject, those that have said
/// something of it and the newest that could have.
pub(super) struct Known {
    pub lists: HashMap<i64, KnownList>,
    moment: Moment,
    /// Its day as statements write it.
    as_of: String,
}

/// Later than any day a list comes in, as texts compare.
const LAST_DAY: &str = "9999-12-31";

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
        let mut known = Self::nothing(moment);
        session.query_each(include_str!("../../sql/list_accepted.sql"), &[], |row| known.hear(row, 0).map(|_| ()))?;
        Ok(known)
    }

    /// No list yet; [`Known::hear`] and [`Known::hear_newest`] add what one subject needs.
    pub fn nothing(moment: &Moment) -> Self {
        Self { lists: HashMap::new(), moment: *moment, as_of: moment.as_of.to_string() }
    }

    /// Takes a list from the columns `id, source, list_date, scope, mode, received_on` from `at` on; says which, where
    /// there is one and it counts.
    pub fn hear(&mut self, row: &Row<'_>, at: usize) -> Result<Option<i64>, RegistryError> {
        let Some(id) = row.opt_int(at)? else { return Ok(None) };
        if self.lists.contains_key(&id) {
            return Ok(Some(id));
        }
        let received = row.date(at + 5)?;
        if self.moment.last_list.is_some_and(|last| last.0 < id)
            || self.moment.known_at.is_some_and(|day| day < received)
        {
            return Ok(None);
        }
        let list = KnownList {
            source: row.text(at + 1)?.to_owned(),
            date: row.date(at + 2)?,
            scope: read_scope(row.text(at + 3)?)?,
            full: row.text(at + 4)? == "full",
        };
        self.lists.insert(id, list);
        Ok(Some(id))
    }

    /// Takes the newest full list of a source that speaks for someone of this division.
    pub fn hear_newest(
        &mut self,
        session: &mut Session,
        source: &Source,
        division: Option<DivisionCode>,
        region: &[DivisionCode],
    ) -> Result<(), RegistryError> {
        let Some(scopes) = scopes_around(source, division, region) else { return Ok(()) };
        let last_list = self.moment.last_list.map_or(i64::MAX, |list| list.0);
        let received = self.moment.known_at.map_or_else(|| LAST_DAY.to_owned(), |day| day.to_string());
        let anywhere = i64::from(source.scope_by == ScopeBy::None);
        let mut params = vec![source.id.as_str().into(), self.as_of.as_str().into(), last_list.into()];
        params.extend([received.into(), anywhere.into()]);
        params.extend(scopes.map(Value::from));
        for row in session.query(include_str!("../../sql/list_newest_for.sql"), &params)? {
            self.hear(&row, 0)?;
        }
        Ok(())
    }

    /// The parameters of a layout's statements that leave out what had ended by the day.
    pub fn closed_before(&self, layout: i64) -> [Value; 3] {
        // What was known on an earlier day is told by the lists' days and not by their numbers: nothing is left out.
        match self.moment.known_at {
            Some(_) => [layout.into(), "".into(), 0.into()],
            None => {
                let last = self.moment.last_list.map_or(i64::MAX, |list| list.0);
                [layout.into(), self.as_of.as_str().into(), last.into()]
            }
        }
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

    /// Days after this one on which it begins or ends.
    pub fn later_turns<'t>(&'t self, times: &Times<'t>) -> impl Iterator<Item = &'t str> + use<'t> {
        let day = self.as_of.as_str();
        [Some(times.from), times.until, times.closed_on].into_iter().flatten().filter(move |turn| *turn > day)
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

/// The scopes of lists that speak for a division, as `list` writes them; none: there is no such list.
fn scopes_around(source: &Source, division: Option<DivisionCode>, region: &[DivisionCode]) -> Option<[String; 6]> {
    if source.scope_by == ScopeBy::None {
        return Some(std::array::from_fn(|_| String::new()));
    }
    let division = division?;
    let narrowest = division.to_string();
    let mut scopes = std::array::from_fn(|_| narrowest.clone());
    let around = std::iter::successors(division.parent(), |inner| inner.parent()).map(|wider| wider.to_string());
    let everywhere = region.iter().any(|root| root.contains(division)).then(String::new);
    for (slot, scope) in scopes[1..].iter_mut().zip(around.chain(everywhere)) {
        *slot = scope;
    }
    Some(scopes)
}
