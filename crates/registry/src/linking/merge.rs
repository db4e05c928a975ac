//! The merge journal: two entries become one person, and two again.

use kernel::{Date, PersonId};
use store::{Session, Value, next_ids};

use super::alias::Aliases;
use super::rules::Rules;
use crate::RegistryError;
use crate::ingest::layout;

/// A line of the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merge {
    pub id: i64,
    pub kept: PersonId,
    pub gone: PersonId,
    pub proposed_by: String,
    pub reason: String,
    /// Money hangs on it: somebody else has to confirm.
    pub two_people: bool,
    pub confirmed_by: Option<String>,
    pub merged_on: Option<Date>,
    pub split_on: Option<Date>,
}

/// Why a merge or split is not done. By what the caller can do.
#[derive(Debug, thiserror::Error)]
pub enum MergeFault {
    #[error("there is no person {0}")]
    NoPerson(PersonId),
    #[error("{0} is merged into {1}; take that one")]
    Merged(PersonId, PersonId),
    #[error("both are the same entry")]
    Same,
    #[error("there is no merge {0} to confirm or split")]
    NoMerge(i64),
    #[error("whoever proposed a merge on which money hangs can't confirm it; ask a second person")]
    SecondPerson,
    #[error("say why; it is kept with the decision")]
    NoReason,
    #[error(transparent)]
    Registry(#[from] RegistryError),
}

impl From<store::StoreError> for MergeFault {
    fn from(fault: store::StoreError) -> Self {
        Self::Registry(fault.into())
    }
}

/// Who decides, when and why.
#[derive(Clone, Copy, Debug)]
pub struct By<'b> {
    pub who: &'b str,
    pub on: Date,
    pub reason: &'b str,
}

/// Merges `gone` into `kept`; where money hangs on one of them, only proposes it. Gives the line of the journal.
///
/// # Errors
/// See [`MergeFault`].
pub fn merge(
    tx: &mut Session,
    rules: &Rules,
    (kept, gone): (PersonId, PersonId),
    by: By<'_>,
) -> Result<Merge, MergeFault> {
    if by.reason.trim().is_empty() {
        return Err(MergeFault::NoReason);
    }
    if kept == gone {
        return Err(MergeFault::Same);
    }
    let aliases = Aliases::load(tx, None)?;
    for person in [kept, gone] {
        if tx.query_opt(include_str!("../../sql/person_identity.sql"), &[person.into()])?.is_none() {
            return Err(MergeFault::NoPerson(person));
        }
        if aliases.person(person) != person {
            return Err(MergeFault::Merged(person, aliases.person(person)));
        }
    }
    let standing = all(tx)?.into_iter().find(|merge| {
        merge.gone == gone && merge.kept == kept && merge.merged_on.is_none() && merge.split_on.is_none()
    });
    if let Some(standing) = standing {
        return Ok(standing);
    }
    let members = [aliases.members(kept.0), aliases.members(gone.0)].concat();
    let two_people = touches_money(tx, rules, &members)?;
    let id = next_ids(tx, "person_merge", 1)?.start;
    let merged_on = (!two_people).then_some(by.on);
    let params = [
        id.into(),
        kept.into(),
        gone.into(),
        by.who.into(),
        by.on.into(),
        by.reason.trim().into(),
        Value::Int(i64::from(two_people)),
        merged_on.map(|on| on.to_string()).into(),
    ];
    tx.exec(include_str!("../../sql/person_merge_insert.sql"), &params)?;
    get(tx, id)
}

/// The second person's word on a merge on which money hangs.
///
/// # Errors
/// See [`MergeFault`].
pub fn confirm(tx: &mut Session, id: i64, by: By<'_>) -> Result<Merge, MergeFault> {
    let merge = get(tx, id)?;
    if merge.merged_on.is_some() || merge.split_on.is_some() {
        return Err(MergeFault::NoMerge(id));
    }
    if merge.proposed_by == by.who {
        return Err(MergeFault::SecondPerson);
    }
    // Either may have been merged elsewhere since.
    let aliases = Aliases::load(tx, None)?;
    for person in [merge.kept, merge.gone] {
        if aliases.person(person) != person {
            return Err(MergeFault::Merged(person, aliases.person(person)));
        }
    }
    tx.exec(include_str!("../../sql/person_merge_confirm.sql"), &[id.into(), by.who.into(), by.on.into()])?;
    get(tx, id)
}

/// Splits a merge, or takes a proposal back: both entries speak for themselves again, with every fact that their
/// rows brought before, during and after.
///
/// # Errors
/// See [`MergeFault`].
pub fn split(tx: &mut Session, id: i64, by: By<'_>) -> Result<Merge, MergeFault> {
    if by.reason.trim().is_empty() {
        return Err(MergeFault::NoReason);
    }
    if get(tx, id)?.split_on.is_some() {
        return Err(MergeFault::NoMerge(id));
    }
    let params = [id.into(), by.who.into(), by.on.into(), by.reason.trim().into()];
    tx.exec(include_str!("../../sql/person_merge_split.sql"), &params)?;
    get(tx, id)
}

/// The whole journal, oldest first.
///
/// # Errors
/// Those of the database.
pub fn all(session: &mut Session) -> Result<Vec<Merge>, RegistryError> {
    let rows = session.query(include_str!("../../sql/person_merge_journal.sql"), &[])?;
    let read = |row: &store::Row<'_>| -> Result<Merge, RegistryError> {
        Ok(Merge {
            id: row.int(0)?,
            kept: PersonId(row.int(1)?),
            gone: PersonId(row.int(2)?),
            proposed_by: row.text(3)?.to_owned(),
            reason: row.text(4)?.to_owned(),
            two_people: row.int(5)? != 0,
            confirmed_by: row.opt_text(6)?.map(str::to_owned),
            merged_on: row.opt_date(7)?,
            split_on: row.opt_date(8)?,
        })
    };
    rows.iter().map(read).collect()
}

fn get(tx: &mut Session, id: i64) -> Result<Merge, MergeFault> {
    all(tx)?.into_iter().find(|merge| merge.id == id).ok_or(MergeFault::NoMerge(id))
}

/// Whether any of the entries ever had a statement of a source on which money hangs.
fn touches_money(tx: &mut Session, rules: &Rules, entries: &[i64]) -> Result<bool, RegistryError> {
    for layout in layout::all(tx)?.iter().filter(|l| rules.decisions.two_people_for.contains(&l.source)) {
        for entry in entries {
            let params = [layout.id.into(), (*entry).into()];
            if !tx.query(include_str!("../../sql/statement_of_subject.sql"), &params)?.is_empty() {
                return Ok(true);
            }
        }
    }
    Ok(false)
}
