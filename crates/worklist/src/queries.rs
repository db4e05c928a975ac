//! Reading the list: counts, by village, a page of items, one person's items.

use kernel::{Date, DivisionCode, PersonId, WorkItemId};
use serde::Serialize;
use store::{Row, Session, StoreError, Value};

use crate::model::{Hand, Kind, Scope, State, Wanted, WorkItem, WorklistError};

/// Open items of one kind and rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Count {
    pub kind: Kind,
    pub rule: String,
    pub open: i64,
    pub overdue: i64,
}

/// Open items of one kind in one village; for [`Kind::Ask`] one row a fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VillageCount {
    pub village: DivisionCode,
    pub fact: Option<String>,
    pub open: i64,
    pub overdue: i64,
    pub people: i64,
}

/// Open items of one rule by how far someone is with them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HandCount {
    pub rule: String,
    /// Empty: not begun, or to be taken up again by now.
    pub hand: String,
    pub open: i64,
    pub overdue: i64,
}

/// Which items a page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    pub kind: Kind,
    pub scope: Scope,
    pub rule: Option<String>,
    pub fact: Option<String>,
    pub limit: i64,
    pub offset: i64,
}

/// Open items by kind and rule inside the scope; overdue counts those whose last day lies before `today`.
///
/// # Errors
/// Those of the store.
pub fn counts(session: &mut Session, scope: Scope, today: Date) -> Result<Vec<Count>, WorklistError> {
    let (low, high) = scope.bounds();
    let rows = session.query(include_str!("../sql/counts.sql"), &[low.into(), high.into(), today.into()])?;
    rows.iter()
        .map(|row| {
            Ok(Count {
                kind: row.text(0)?.parse()?,
                rule: row.text(1)?.to_owned(),
                open: row.int(2)?,
                overdue: row.opt_int(3)?.unwrap_or(0),
            })
        })
        .collect()
}

/// Open items of a kind by rule and by how far someone is with them.
///
/// # Errors
/// Those of the store.
pub fn hands(session: &mut Session, kind: Kind, scope: Scope, today: Date) -> Result<Vec<HandCount>, WorklistError> {
    let (low, high) = scope.bounds();
    let values: [Value; 4] = [kind.name().into(), low.into(), high.into(), today.into()];
    let rows = session.query(include_str!("../sql/hand_counts.sql"), &values)?;
    rows.iter()
        .map(|row| {
            Ok(HandCount {
                rule: row.text(0)?.to_owned(),
                hand: row.text(1)?.to_owned(),
                open: row.int(2)?,
                overdue: row.opt_int(3)?.unwrap_or(0),
            })
        })
        .collect()
}

/// Open items of a kind by village, and by fact for missing facts, in code order.
///
/// # Errors
/// Those of the store.
pub fn by_village(
    session: &mut Session,
    kind: Kind,
    scope: Scope,
    today: Date,
) -> Result<Vec<VillageCount>, WorklistError> {
    let (low, high) = scope.bounds();
    let values: [Value; 4] = [kind.name().into(), low.into(), high.into(), today.into()];
    let rows = session.query(include_str!("../sql/by_village.sql"), &values)?;
    rows.iter()
        .map(|row| {
            Ok(VillageCount {
                village: code(row.text(0)?)?,
                fact: Some(row.text(1)?).filter(|f| !f.is_empty()).map(str::to_owned),
                open: row.int(2)?,
                overdue: row.opt_int(3)?.unwrap_or(0),
                people: row.int(4)?,
            })
        })
        .collect()
}

/// Open items of what a filter asks for by village, those with most overdue first; its limit and offset are left
/// out. No fact is named.
///
/// # Errors
/// Those of the store.
pub fn villages(session: &mut Session, filter: &Filter, today: Date) -> Result<Vec<VillageCount>, WorklistError> {
    villages_in_hand(session, filter, (Hand::Any, today))
}

/// The same of items that nobody has begun with, or that someone has.
///
/// # Errors
/// Those of the store.
pub fn villages_in_hand(
    session: &mut Session,
    filter: &Filter,
    (hand, today): (Hand, Date),
) -> Result<Vec<VillageCount>, WorklistError> {
    let (low, high) = filter.scope.bounds();
    let values: [Value; 7] = [
        filter.kind.name().into(),
        low.into(),
        high.into(),
        filter.rule.as_deref().unwrap_or("").into(),
        filter.fact.as_deref().unwrap_or("").into(),
        today.into(),
        hand.name().into(),
    ];
    let rows = session.query(include_str!("../sql/villages.sql"), &values)?;
    rows.iter()
        .map(|row| {
            Ok(VillageCount {
                village: code(row.text(0)?)?,
                fact: None,
                open: row.int(1)?,
                overdue: row.opt_int(2)?.unwrap_or(0),
                people: row.int(3)?,
            })
        })
        .collect()
}

/// One page of open items, most urgent first.
///
/// # Errors
/// Those of the store.
pub fn page(session: &mut Session, filter: &Filter) -> Result<Vec<WorkItem>, WorklistError> {
    page_in_hand(session, filter, (Hand::Any, Date::default()))
}

/// The same of items that nobody has begun with, or that someone has.
///
/// # Errors
/// Those of the store.
pub fn page_in_hand(
    session: &mut Session,
    filter: &Filter,
    (hand, today): (Hand, Date),
) -> Result<Vec<WorkItem>, WorklistError> {
    let (low, high) = filter.scope.bounds();
    let values: [Value; 9] = [
        filter.kind.name().into(),
        low.into(),
        high.into(),
        filter.rule.as_deref().unwrap_or("").into(),
        filter.fact.as_deref().unwrap_or("").into(),
        filter.limit.into(),
        filter.offset.into(),
        hand.name().into(),
        today.into(),
    ];
    session.query(include_str!("../sql/page.sql"), &values)?.iter().map(read_item).collect()
}

/// Everything ever found for one person, open first, newest first.
///
/// # Errors
/// Those of the store.
pub fn of_person(session: &mut Session, person: PersonId) -> Result<Vec<WorkItem>, WorklistError> {
    session.query(include_str!("../sql/of_person.sql"), &[person.0.into()])?.iter().map(read_item).collect()
}

fn read_item(row: &Row<'_>) -> Result<WorkItem, WorklistError> {
    Ok(WorkItem {
        id: WorkItemId(row.int(0)?),
        wanted: Wanted {
            kind: row.text(1)?.parse()?,
            rule: row.text(2)?.into(),
            person: PersonId(row.int(3)?),
            fact: row.opt_text(4)?.map(Into::into),
            village: code(row.text(5)?)?,
            due_on: date(row, 7)?,
            from_on: date(row, 8)?,
            rank: row.int(9)?,
            cause: row.text(10)?.into(),
        },
        found_on: date(row, 6)?.ok_or(WorklistError::Stored { what: "date" })?,
        state: if row.text(11)? == "open" { State::Open } else { State::Closed },
        closed_on: date(row, 12)?,
        closed_why: row.opt_text(13)?.map(str::to_owned),
        hand: row.text(14)?.to_owned(),
        hand_on: row.opt_date(15)?,
    })
}

fn date(row: &Row, index: usize) -> Result<Option<Date>, StoreError> {
    row.opt_date(index)
}

fn code(text: &str) -> Result<DivisionCode, WorklistError> {
    text.parse().map_err(|_| WorklistError::Stored { what: "division" })
}
