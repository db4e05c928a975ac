//! The merge journal: two entries become one person, and two again.

use kernel::{Date, PersonId};
use store::{Keys, Session, Value, next_ids};

use super::alias::Aliases;
use super::newcomer;
use super::rules::Rules;
use super::store::State;
use super::word::{By, DecisionFault, digest, same_name};
use crate::RegistryError;
use crate::ingest::layout;

/// A line of the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merge {
    pub id: i64,
    pub kept: PersonId,
    pub gone: PersonId,
    pub proposed_by: String,
    pub proposed_on: Date,
    pub reason: String,
    /// Money hangs on it: somebody else has to confirm.
    pub two_people: bool,
    pub confirmed_by: Option<String>,
    pub merged_on: Option<Date>,
    pub split_by: Option<String>,
    pub split_on: Option<Date>,
    pub split_reason: Option<String>,
    /// The pair that was asked about; none when someone merged them unasked.
    pub pair: Option<i64>,
}

impl Merge {
    /// Waits for a second person.
    #[must_use]
    pub const fn is_proposed(&self) -> bool {
        self.merged_on.is_none() && self.split_on.is_none()
    }

    /// Both are read as one person today.
    #[must_use]
    pub const fn is_standing(&self) -> bool {
        self.merged_on.is_some() && self.split_on.is_none()
    }
}

/// What is to become one person.
#[derive(Clone, Copy, Debug)]
pub struct Merging {
    pub kept: PersonId,
    pub gone: PersonId,
    /// Cash is due or paid to one of them, as the caller knows from the night; what lists say is looked up here.
    pub money: bool,
    /// The pair that was asked about.
    pub pair: Option<i64>,
}

/// Merges `gone` into `kept`; where money hangs on one of them, only proposes it. Gives the line of the journal. Where
/// only one has an ID number, that one is kept, whichever was named first: it is known by it.
///
/// # Errors
/// See [`DecisionFault`].
pub fn merge(
    tx: &mut Session,
    keys: &Keys,
    rules: &Rules,
    merging: Merging,
    by: By<'_>,
) -> Result<Merge, DecisionFault> {
    if merging.kept == merging.gone {
        return Err(DecisionFault::Same);
    }
    let turned = !newcomer::is_numbered(tx, merging.kept.0)? && newcomer::is_numbered(tx, merging.gone.0)?;
    let (kept, gone) = if turned { (merging.gone, merging.kept) } else { (merging.kept, merging.gone) };
    let merging = Merging { kept, gone, ..merging };
    let evidence = are_persons(tx, [kept, gone])?;
    by.checked(tx, keys, &[kept.0, gone.0])?;
    let both = |merge: &Merge| [(kept, gone), (gone, kept)].contains(&(merge.kept, merge.gone));
    let standing = all(tx)?.into_iter().find(|merge| merge.is_proposed() && both(merge));
    if let Some(standing) = standing {
        return Ok(standing);
    }
    let two_people = money_hangs_on(tx, rules, merging)?;
    write(tx, keys, merging, two_people, by, evidence)
}

/// The engine's own merge of an entry without a number into the one with it; false where money hangs on either, or
/// one of them was merged elsewhere: then people decide.
pub(super) fn by_engine(
    tx: &mut Session,
    keys: &Keys,
    rules: &Rules,
    merging: Merging,
    by: By<'_>,
) -> Result<bool, RegistryError> {
    let evidence = are_persons(tx, [merging.kept, merging.gone]);
    let done = match evidence {
        Ok(_) if money_hangs_on(tx, rules, merging)? => return Ok(false),
        Ok(evidence) => write(tx, keys, merging, false, by, evidence),
        Err(fault) => Err(fault),
    };
    match done {
        Ok(_) => Ok(true),
        Err(DecisionFault::Registry(fault)) => Err(fault),
        Err(_) => Ok(false),
    }
}

/// Whether cash is due or paid to one of them, or a list on which money hangs ever spoke of one.
fn money_hangs_on(tx: &mut Session, rules: &Rules, merging: Merging) -> Result<bool, RegistryError> {
    let mut members = Vec::new();
    for person in [merging.kept, merging.gone] {
        members.extend(Aliases::around(tx, person, None)?.members(person.0));
    }
    Ok(merging.money || touches_money(tx, rules, &members)?)
}

fn write(
    tx: &mut Session,
    keys: &Keys,
    merging: Merging,
    two_people: bool,
    by: By<'_>,
    evidence: String,
) -> Result<Merge, DecisionFault> {
    let Merging { kept, gone, pair, .. } = merging;
    let id = next_ids(tx, "person_merge", 1)?.start;
    let merged_on = (!two_people).then_some(by.on);
    let params = [
        id.into(),
        kept.into(),
        gone.into(),
        by.who.trim().into(),
        by.on.into(),
        by.reason.trim().into(),
        Value::Int(i64::from(two_people)),
        merged_on.map(|on| on.to_string()).into(),
        pair.map_or(Value::Null, Value::Int),
    ];
    tx.exec(include_str!("../../sql/person_merge_insert.sql"), &params)?;
    let action = if two_people { "merge.propose" } else { "merge.merge" };
    note(tx, keys, by, action, (id, kept, gone), evidence)?;
    get(tx, id)
}

/// Neither is merged already; gives the digest of who they were when it was decided.
fn are_persons(tx: &mut Session, people: [PersonId; 2]) -> Result<String, DecisionFault> {
    let aliases = Aliases::of_persons(tx)?;
    let mut identities = Vec::new();
    for person in people {
        let row = tx.query_opt(include_str!("../../sql/person_digest.sql"), &[person.into()])?;
        identities.push(row.ok_or(DecisionFault::NoPerson(person))?.blob(0)?.to_vec());
        // Either may have been merged elsewhere since it was proposed.
        if aliases.person(person) != person {
            return Err(DecisionFault::Merged(person, aliases.person(person)));
        }
    }
    Ok(digest(&[&identities[0], &identities[1]]))
}

fn note(
    tx: &mut Session,
    keys: &Keys,
    by: By<'_>,
    action: &str,
    (id, kept, gone): (i64, PersonId, PersonId),
    evidence: String,
) -> Result<(), DecisionFault> {
    let detail = serde_json::json!({ "merge": id, "gone": gone.to_string(), "evidence": evidence });
    by.note(tx, keys, action, &kept.to_string(), detail)
}

/// The second person's word on a merge on which money hangs.
///
/// # Errors
/// See [`DecisionFault`].
pub fn confirm(tx: &mut Session, keys: &Keys, id: i64, by: By<'_>) -> Result<Merge, DecisionFault> {
    let merge = get(tx, id)?;
    if !merge.is_proposed() {
        return Err(DecisionFault::NoMerge(id));
    }
    if same_name(&merge.proposed_by, by.who) {
        return Err(DecisionFault::SecondPerson);
    }
    let evidence = are_persons(tx, [merge.kept, merge.gone])?;
    by.checked(tx, keys, &[merge.kept.0, merge.gone.0])?;
    let params = [id.into(), by.who.trim().into(), by.on.into()];
    tx.exec(include_str!("../../sql/person_merge_confirm.sql"), &params)?;
    note(tx, keys, by, "merge.confirm", (id, merge.kept, merge.gone), evidence)?;
    get(tx, id)
}

/// Splits a merge, or takes a proposal back: both entries speak for themselves again, with every fact that their
/// rows brought before, during and after. The pair is not asked again on the same evidence.
///
/// # Errors
/// See [`DecisionFault`].
pub fn split(tx: &mut Session, keys: &Keys, id: i64, by: By<'_>) -> Result<Merge, DecisionFault> {
    let merge = get(tx, id)?;
    if merge.split_on.is_some() {
        return Err(DecisionFault::NoMerge(id));
    }
    by.checked(tx, keys, &[merge.kept.0, merge.gone.0])?;
    let reason = by.reason.trim();
    let params = [id.into(), by.who.trim().into(), by.on.into(), reason.into()];
    tx.exec(include_str!("../../sql/person_merge_split.sql"), &params)?;
    if let Some(pair) = merge.pair {
        super::store::decide(tx, pair, State::Undone, by.who.trim(), by.on, reason)?;
    }
    note(tx, keys, by, "merge.split", (id, merge.kept, merge.gone), String::new())?;
    get(tx, id)
}

/// The whole journal, oldest first.
///
/// # Errors
/// Those of the database.
pub fn all(session: &mut Session) -> Result<Vec<Merge>, RegistryError> {
    let rows = session.query(include_str!("../../sql/person_merge_journal.sql"), &[])?;
    let read = |row: &store::Row<'_>| -> Result<Merge, RegistryError> {
        let word = |at| Ok::<_, RegistryError>(row.opt_text(at)?.map(str::to_owned));
        Ok(Merge {
            id: row.int(0)?,
            kept: PersonId(row.int(1)?),
            gone: PersonId(row.int(2)?),
            proposed_by: row.text(3)?.to_owned(),
            proposed_on: row.date(4)?,
            reason: row.text(5)?.to_owned(),
            two_people: row.int(6)? != 0,
            confirmed_by: word(7)?,
            merged_on: row.opt_date(8)?,
            split_by: word(9)?,
            split_on: row.opt_date(10)?,
            split_reason: word(11)?,
            pair: row.opt_int(12)?,
        })
    };
    rows.iter().map(read).collect()
}

/// One line of it.
///
/// # Errors
/// `NoMerge`; those of the database.
pub fn get(tx: &mut Session, id: i64) -> Result<Merge, DecisionFault> {
    all(tx)?.into_iter().find(|merge| merge.id == id).ok_or(DecisionFault::NoMerge(id))
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
