//! What is done here enters the same statements as what departments send: a visit in the field, a fact a village
//! answers, an assessment, an award.
//!
//! The registers are sources in `sources.toml` with `own = true`; their lists are open: each act is a row of the list
//! of its register and day, with who, when and an own number. A night seals the open lists before it reads, so that
//! what it saw can be told from what came later. An act overwrites nothing: of several statements the newest counts,
//! a correction ends the statements of the act it corrects and keeps them. This file must not know why something was
//! done; the caller's own record and audit entry say that.

mod check;
mod own_list;

use chrono::{DateTime, Utc};
use kernel::{Bilingual, Date, ListId, PersonId};
use policy::model::Dictionary;
use policy::value::Value;
use store::{Keys, Session, counter};

pub use check::{ActFault, form};
pub use own_list::{seal, sent_since};

use crate::RegistryError;
use crate::ingest::layout::Layout;
use crate::ingest::{Batch, NewStatement, NewVisit, NextIds, Pending, Target, write_visits};
use crate::rows::SEPARATOR;
use crate::sources::{Catalogue, Entity, Gives, Source};

/// One entry into a register.
#[derive(Clone, Debug)]
pub struct Act<'a> {
    /// An own register: `own_visits`, `own_answers`, `own_assessments`, `own_awards`.
    pub source: &'a str,
    pub person: PersonId,
    /// The caller's name of the act, unique over all registers: the same key enters once. `visit/V00000012`.
    pub key: &'a str,
    /// Whoever did it: a user's id, or the name of a program.
    pub actor: &'a str,
    /// The day of recording, which the list bears; and the instant.
    pub on: Date,
    pub at: DateTime<Utc>,
    pub says: Says<'a>,
    /// The key of an act that this one takes back: what it said ends on the day it began.
    pub corrects: Option<&'a str>,
}

/// What an act says.
#[derive(Clone, Debug)]
pub enum Says<'a> {
    /// Facts of the person, valid from a day until the day before another.
    Facts { facts: &'a [(&'a str, Value)], from: Date, until: Option<Date> },
    /// A visit of a kind on a day, by a kind of visitor or nobody named.
    Visit { kind: &'a str, on: Date, by: &'a str },
    /// What another act said holds no more from this day.
    Ends { act: &'a str, from: Date },
    /// Nothing: a correction without a new word.
    Nothing,
}

/// What became of an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    pub list: ListId,
    /// Its number in the list.
    pub row: u64,
    /// It had been entered before; nothing was done now.
    pub again: bool,
    /// Whether it told anything that was not on record: the same visit may have been reported already.
    pub news: bool,
}

/// With what registers are kept.
#[derive(Clone, Copy)]
pub struct Registers<'a> {
    pub keys: &'a Keys,
    pub catalogue: &'a Catalogue,
    pub dictionary: &'a Dictionary,
}

impl Registers<'_> {
    /// Enters an act, in the caller's transaction.
    ///
    /// Entering takes the registers' lock until the transaction ends: keep it short.
    ///
    /// # Errors
    /// `Act` with everything that is wrong with it, and nothing was entered; those of the database and the keys.
    pub fn record(&self, tx: &mut Session, act: &Act<'_>) -> Result<Receipt, RegistryError> {
        let id = counter::next_ids(tx, "act", 1)?.start;
        let what = what(act);
        if let Some(before) = find(tx, act.key)? {
            let same = before.person == act.person.0 && before.what == what && before.source == act.source;
            let again = Receipt { list: before.list, row: before.row, again: true, news: before.news };
            return if same { Ok(again) } else { Err(RegistryError::Act(vec![ActFault::KeyTaken])) };
        }
        let source = check::check(self, tx, act)?;
        let (list, row) = own_list::next_row(tx, source, act.on, act.at)?;
        let mut ended = 0;
        if let Some(corrects) = act.corrects {
            ended += take_back(tx, corrects, id, list)?;
        }
        let news = match &act.says {
            Says::Facts { facts, from, until } => {
                self.state(tx, source, act.person, (list, row), facts, (*from, *until))?;
                true
            }
            Says::Visit { kind, on, by } => visit(tx, act.person, (list, row), (kind, *on, by))?,
            Says::Ends { act: other, from } => {
                let other = find(tx, other)?.ok_or(RegistryError::Act(vec![ActFault::NoAct]))?;
                ended += end(tx, &other, *from, list)?;
                true
            }
            Says::Nothing => true,
        };
        let values = [
            id.into(),
            act.key.into(),
            list.into(),
            int(row),
            act.person.0.into(),
            what.into(),
            act.actor.into(),
            store::stamp(act.at).into(),
            i64::from(news).into(),
        ];
        tx.exec(include_str!("../../sql/act_insert.sql"), &values)?;
        let opens = matches!(act.says, Says::Facts { .. } | Says::Visit { .. });
        let count = |yes: bool| i64::from(yes).into();
        let params = [list.into(), count(opens && news), count(!news), int(ended)];
        tx.exec(include_str!("../../sql/own_list_count.sql"), &params)?;
        Ok(Receipt { list, row, again: false, news })
    }

    /// Writes the statements of an act.
    fn state(
        &self,
        tx: &mut Session,
        source: &Source,
        person: PersonId,
        (list, row): (ListId, u64),
        facts: &[(&str, Value)],
        (from, until): (Date, Option<Date>),
    ) -> Result<(), RegistryError> {
        let layout = layout(source).settle(tx)?;
        let mut groups: Vec<(String, Vec<(&str, String)>)> = Vec::new();
        let by_fact = source.own.as_ref().is_some_and(|own| own.by_fact);
        for (key, value) in facts {
            let said = (*key, form(value));
            match groups.last_mut() {
                Some((_, group)) if !by_fact => group.push(said),
                _ => groups.push((String::new(), vec![said])),
            }
        }
        let mut pending = Pending::default();
        for (sub_key, group) in &mut groups {
            let value = |key: &str| group.iter().find(|(k, _)| *k == key).map_or("", |(_, form)| form.as_str());
            let join = |keys: &[String]| keys.iter().map(|key| value(key)).collect::<Vec<_>>();
            let (plain, sealed) = (join(&layout.plain), join(&layout.sealed));
            let sealed_known = sealed.iter().any(|form| !form.is_empty());
            let sealed = if sealed_known { sealed.join(&SEPARATOR.to_string()) } else { String::new() };
            *sub_key = if by_fact {
                group.first().map_or_else(String::new, |(key, _)| (*key).to_owned())
            } else {
                source.sub_key.iter().map(|key| value(key.name())).collect::<Vec<_>>().join(&SEPARATOR.to_string())
            };
            pending.statements.push(NewStatement {
                subject: person.0,
                sub_key: std::mem::take(sub_key),
                payload: plain.join(&SEPARATOR.to_string()).into_boxed_str(),
                digest: sealed_known.then(|| self.keys.blind("statement", &sealed)),
                sealed,
                from,
                until,
                row,
                closed_on: None,
            });
        }
        let target = Target { keys: self.keys, list: list.0, layout: layout.id, entity: source.entity.name() };
        let batch: Batch = pending.seal(self.keys, &mut NextIds::read(tx)?);
        batch.write(tx, &target)
    }
}

/// An act that was entered.
struct Entered {
    id: i64,
    list: ListId,
    row: u64,
    person: i64,
    what: String,
    news: bool,
    source: String,
    is_taken_back: bool,
}

fn find(tx: &mut Session, key: &str) -> Result<Option<Entered>, RegistryError> {
    let Some(row) = tx.query_opt(include_str!("../../sql/act_by_key.sql"), &[key.into()])? else { return Ok(None) };
    Ok(Some(Entered {
        id: row.int(0)?,
        list: ListId(row.int(1)?),
        row: u64::try_from(row.int(2)?).unwrap_or(0),
        person: row.int(3)?,
        what: row.text(4)?.to_owned(),
        news: row.int(5)? == 1,
        is_taken_back: row.opt_int(6)?.is_some(),
        source: row.text(7)?.to_owned(),
    }))
}

/// Whether an act of this key was entered and not taken back.
///
/// # Errors
/// Those of the database.
pub fn is_standing(session: &mut Session, key: &str) -> Result<bool, RegistryError> {
    Ok(find(session, key)?.is_some_and(|act| !act.is_taken_back))
}

/// Ends the statements of an act from a day, or from the day each began; gives their number.
fn end(tx: &mut Session, act: &Entered, from: Date, by: ListId) -> Result<u64, RegistryError> {
    let params = [act.source.as_str().into(), act.person.into(), act.list.into(), int(act.row), from.into(), by.into()];
    Ok(tx.exec(include_str!("../../sql/statement_end.sql"), &params)?)
}

/// Ends what an act said on the day it began; gives the number of statements.
fn take_back(tx: &mut Session, key: &str, by: i64, list: ListId) -> Result<u64, RegistryError> {
    let act = find(tx, key)?.ok_or(RegistryError::Act(vec![ActFault::NoAct]))?;
    let ended = end(tx, &act, Date::from_ymd_opt(1, 1, 1).unwrap_or_default(), list)?;
    let params = [act.person.into(), act.list.into(), int(act.row), list.into()];
    tx.exec(include_str!("../../sql/visit_take_back.sql"), &params)?;
    tx.exec(include_str!("../../sql/act_take_back.sql"), &[act.id.into(), by.into()])?;
    Ok(ended)
}

/// Enters a visit unless the same one is on record, whoever reported it.
fn visit(
    tx: &mut Session,
    person: PersonId,
    (list, row): (ListId, u64),
    (kind, on, by): (&str, Date, &str),
) -> Result<bool, RegistryError> {
    let params = [person.0.into(), kind.into(), on.into()];
    if tx.query_opt(include_str!("../../sql/visit_known.sql"), &params)?.is_some() {
        return Ok(false);
    }
    let visit = NewVisit { person: person.0, on: on.to_string(), kind: kind.to_owned(), by: by.to_owned(), row };
    write_visits(tx, list.0, &[&visit])?;
    Ok(true)
}

/// The layout of a register's statements: the facts of its columns and nothing else.
fn layout(source: &Source) -> Layout {
    let facts = source.columns.iter().flat_map(|c| &c.gives).filter_map(|gives| match gives {
        Gives::Fact(fact) => Some(fact),
        _ => None,
    });
    let (sealed, plain): (Vec<_>, Vec<_>) = facts.partition(|fact| fact.sealed);
    let keys = |facts: Vec<&crate::sources::FactColumn>| facts.into_iter().map(|f| f.key.clone()).collect();
    let entity = source.entity.name().to_owned();
    Layout { id: 0, source: source.id.clone(), entity, plain: keys(plain), sealed: keys(sealed) }
}

/// What an act says without its values, so that a key used for two things is noticed.
fn what(act: &Act<'_>) -> String {
    let said = match &act.says {
        Says::Facts { facts, from, .. } => {
            let keys: Vec<&str> = facts.iter().map(|(key, _)| *key).collect();
            format!("{} {from}", keys.join(","))
        }
        Says::Visit { kind, on, .. } => format!("visit {kind} {on}"),
        Says::Ends { act, from } => format!("ends {act} {from}"),
        Says::Nothing => "nothing".to_owned(),
    };
    act.corrects.map_or(said.clone(), |key| format!("{said} corrects {key}"))
}

fn int(number: u64) -> store::Value {
    store::Value::Int(i64::try_from(number).unwrap_or(i64::MAX))
}

impl ActFault {
    /// Cause and remedy, for whoever enters.
    #[must_use]
    pub fn said(&self) -> Bilingual {
        check::said(self)
    }
}

/// Whether a register holds statements about persons rather than visits.
pub(crate) fn states_facts(source: &Source) -> bool {
    source.entity == Entity::Person
}
