//! Last night's open items against tonight's findings: what is new is opened, what is gone is closed, what moved is
//! moved. The same findings twice change nothing.

use std::collections::BTreeMap;

use kernel::{Date, DivisionCode, DivisionLevel, PersonId};
use serde::Serialize;
use store::{PutAway, Session, Value};

use crate::model::{Kind, Wanted, WorklistError};

/// How the list changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Settled {
    pub opened: u64,
    pub moved: u64,
    pub closed: u64,
    pub standing: u64,
}

struct Open {
    id: i64,
    kind: Kind,
    person: PersonId,
    due_on: Option<String>,
    from_on: Option<String>,
    rank: i64,
    cause: String,
    village: String,
}

/// Brings the table to tonight's findings, inside the night's transaction.
///
/// `wanted` may come in any order; new items get their ids in the order of their sorted findings, so that two
/// undisturbed nights give the same ids. What counts from the night that found it stays as it was found: the last
/// day of an offer, the day a benefit ends when the pack names none earlier. `stands` says which open items can't be
/// judged tonight and therefore stay: the person has no row any more.
///
/// # Errors
/// Those of the store.
pub fn settle(
    tx: &mut Session,
    mut wanted: Vec<Wanted>,
    as_of: Date,
    stands: impl Fn(Kind, PersonId) -> bool,
) -> Result<Settled, WorklistError> {
    wanted.sort();
    wanted.dedup_by_key(|w| w.key());
    let mut open = load_open(tx)?;
    let mut settled = Settled::default();
    let (mut fresh, mut moved, mut closed) = (Vec::new(), Vec::new(), Vec::new());
    for mut item in wanted {
        let standing = open.remove(&item.key());
        if let Some(stands) = &standing {
            keep_first_days(stands, &mut item);
        }
        match standing {
            None => fresh.push(item),
            Some(stands) if same(&stands, &item) => settled.standing += 1,
            Some(stands) => moved.push((stands.id, item)),
        }
    }
    for gone in open.into_values() {
        if stands(gone.kind, gone.person) {
            settled.standing += 1;
            continue;
        }
        closed.push(gone.id);
    }
    let hands = if fresh.is_empty() { BTreeMap::new() } else { hands(tx)? };
    settled.moved = moved.len() as u64;
    settled.closed = closed.len() as u64;
    settled.opened = fresh.len() as u64;
    move_items(tx, moved)?;
    close_items(tx, closed, as_of)?;
    insert(tx, &fresh, &hands, as_of)?;
    Ok(settled)
}

fn load_open(tx: &mut Session) -> Result<BTreeMap<String, Open>, WorklistError> {
    let mut open = BTreeMap::new();
    tx.query_each(include_str!("../sql/open_items.sql"), &[], |row| {
        let item = Open {
            id: row.int(0)?,
            kind: row.text(7)?.parse()?,
            person: PersonId(row.int(8)?),
            due_on: row.opt_text(2)?.map(str::to_owned),
            from_on: row.opt_text(3)?.map(str::to_owned),
            rank: row.int(4)?,
            cause: row.text(5)?.to_owned(),
            village: row.text(6)?.to_owned(),
        };
        open.insert(row.text(1)?.to_owned(), item);
        Ok::<_, WorklistError>(())
    })?;
    Ok(open)
}

/// Days that count from the night that found the item.
fn keep_first_days(stands: &Open, item: &mut Wanted) {
    let first = |stood: &Option<String>, now: Option<Date>| {
        stood.as_deref().and_then(|text| kernel::parse_date(text).ok()).min(now).or(now)
    };
    match item.kind {
        Kind::Unserved => item.due_on = first(&stands.due_on, item.due_on),
        Kind::Stop => item.from_on = first(&stands.from_on, item.from_on),
        Kind::Ask | Kind::Visit | Kind::Reassess => {}
    }
}

fn same(stands: &Open, item: &Wanted) -> bool {
    stands.due_on == item.due_on.map(|d| d.to_string())
        && stands.from_on == item.from_on.map(|d| d.to_string())
        && stands.rank == item.rank
        && stands.cause == item.cause
        && stands.village == item.village.to_string()
}

fn move_items(tx: &mut Session, mut moved: Vec<(i64, Wanted)>) -> Result<(), WorklistError> {
    if moved.is_empty() {
        return Ok(());
    }
    moved.sort_unstable_by_key(|(id, _)| *id);
    let columns = ["due_on", "from_on", "rank", "cause", "county", "township", "village"];
    let rows = moved.into_iter().map(|(id, item)| -> [Value; 8] {
        [
            id.into(),
            item.due_on.into(),
            item.from_on.into(),
            item.rank.into(),
            item.cause.as_str().into(),
            ancestor(item.village, DivisionLevel::County).into(),
            ancestor(item.village, DivisionLevel::Township).into(),
            item.village.to_string().into(),
        ]
    });
    tx.bulk_update("work_item", &["id"], &columns, rows)?;
    Ok(())
}

fn close_items(tx: &mut Session, mut closed: Vec<i64>, as_of: Date) -> Result<(), WorklistError> {
    if closed.is_empty() {
        return Ok(());
    }
    closed.sort_unstable();
    let columns = ["state", "closed_on", "closed_why"];
    let rows =
        closed.into_iter().map(|id| -> [Value; 4] { [id.into(), "closed".into(), as_of.into(), "reason_gone".into()] });
    tx.bulk_update("work_item", &["id"], &columns, rows)?;
    Ok(())
}

/// How far someone was with items that closed and may open again.
type Hands = BTreeMap<String, (String, Option<String>)>;

fn hands(tx: &mut Session) -> Result<Hands, WorklistError> {
    let mut hands = BTreeMap::new();
    tx.query_each(include_str!("../sql/hands.sql"), &[], |row| {
        hands.insert(row.text(0)?.to_owned(), (row.text(1)?.to_owned(), row.opt_text(2)?.map(str::to_owned)));
        Ok::<_, WorklistError>(())
    })?;
    Ok(hands)
}

const COLUMNS: [&str; 17] = [
    "id",
    "item_key",
    "kind",
    "rule",
    "person_id",
    "fact",
    "county",
    "township",
    "village",
    "found_on",
    "due_on",
    "from_on",
    "rank",
    "cause",
    "state",
    "hand",
    "hand_on",
];

fn insert(tx: &mut Session, fresh: &[Wanted], hands: &Hands, as_of: Date) -> Result<(), WorklistError> {
    if fresh.is_empty() {
        return Ok(());
    }
    let count = u32::try_from(fresh.len()).unwrap_or(u32::MAX);
    let ids = store::next_ids(tx, "work_item", count)?;
    let away = if i64::from(count) > ids.start { tx.put_indexes_away("work_item")? } else { PutAway::default() };
    let rows = fresh.iter().zip(ids).map(|(item, id)| -> Vec<Value> {
        let key = item.key();
        let (hand, hand_on) = hands.get(&key).cloned().unwrap_or_default();
        vec![
            id.into(),
            key.into(),
            item.kind.name().into(),
            item.rule.as_str().into(),
            item.person.0.into(),
            item.fact.as_deref().into(),
            ancestor(item.village, DivisionLevel::County).into(),
            ancestor(item.village, DivisionLevel::Township).into(),
            item.village.to_string().into(),
            as_of.into(),
            item.due_on.into(),
            item.from_on.into(),
            item.rank.into(),
            item.cause.as_str().into(),
            "open".into(),
            hand.into(),
            hand_on.into(),
        ]
    });
    tx.bulk_insert("work_item", &COLUMNS, rows)?;
    tx.put_indexes_back(away)?;
    Ok(())
}

fn ancestor(village: DivisionCode, level: DivisionLevel) -> String {
    village.at(level).unwrap_or(village).to_string()
}
