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

/// What stood of an item.
struct Open {
    id: i64,
    due_on: Option<Date>,
    from_on: Option<Date>,
    rank: i64,
    cause: String,
    village: Option<DivisionCode>,
}

/// Tonight's findings, sorted, each found by what makes it the same item: last night's items are held against them as
/// they are read, so that the two never lie in memory together.
struct Findings {
    wanted: Vec<Wanted>,
    met: Vec<bool>,
    /// Where the next one is looked for first: items of one night stand in the order of their findings.
    next: usize,
}

impl Findings {
    fn new(mut wanted: Vec<Wanted>) -> Self {
        wanted.sort();
        wanted.dedup_by(|one, other| order(one) == order(other));
        Self { met: vec![false; wanted.len()], wanted, next: 0 }
    }

    /// The finding of an item, once.
    fn meet(&mut self, item: Order<'_>) -> Option<usize> {
        let here = self.wanted.get(self.next).is_some_and(|wanted| order(wanted) == item);
        let at = if here { self.next } else { self.wanted.binary_search_by(|wanted| order(wanted).cmp(&item)).ok()? };
        self.next = at + 1;
        (!std::mem::replace(&mut self.met[at], true)).then_some(at)
    }
}

/// What [`Wanted::key`] is made of, in the order in which findings are sorted.
type Order<'w> = (Kind, &'w str, PersonId, Option<&'w str>);

fn order(wanted: &Wanted) -> Order<'_> {
    (wanted.kind, &wanted.rule, wanted.person, wanted.fact.as_deref())
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
    wanted: Vec<Wanted>,
    as_of: Date,
    stands: impl Fn(Kind, PersonId) -> bool,
) -> Result<Settled, WorklistError> {
    let mut findings = Findings::new(wanted);
    let mut settled = Settled::default();
    let (mut moved, mut closed) = (Vec::new(), Vec::new());
    tx.query_each(include_str!("../sql/open_items.sql"), &[], |row| {
        let (kind, person): (Kind, _) = (row.text(1)?.parse()?, PersonId(row.int(3)?));
        let id = row.int(0)?;
        let Some(at) = findings.meet((kind, row.text(2)?, person, row.opt_text(4)?)) else {
            if stands(kind, person) {
                settled.standing += 1;
            } else {
                closed.push(id);
            }
            return Ok(());
        };
        let stood = Open {
            id,
            due_on: row.opt_date(5)?,
            from_on: row.opt_date(6)?,
            rank: row.int(7)?,
            cause: row.text(8)?.to_owned(),
            village: row.text(9)?.parse().ok(),
        };
        let item = &mut findings.wanted[at];
        keep_first_days(&stood, item);
        if same(&stood, item) {
            settled.standing += 1;
        } else {
            moved.push((stood.id, at));
        }
        Ok::<_, WorklistError>(())
    })?;
    let Findings { wanted, met, .. } = findings;
    let fresh: Vec<&Wanted> = wanted.iter().zip(&met).filter(|(_, met)| !**met).map(|(item, _)| item).collect();
    let hands = if fresh.is_empty() { BTreeMap::new() } else { hands(tx)? };
    settled.moved = moved.len() as u64;
    settled.closed = closed.len() as u64;
    settled.opened = fresh.len() as u64;
    move_items(tx, &wanted, moved)?;
    close_items(tx, closed, as_of)?;
    insert(tx, &fresh, &hands, as_of)?;
    Ok(settled)
}

/// Days that count from the night that found the item.
fn keep_first_days(stood: &Open, item: &mut Wanted) {
    match item.kind {
        Kind::Unserved => item.due_on = stood.due_on.min(item.due_on).or(item.due_on),
        Kind::Stop => item.from_on = stood.from_on.min(item.from_on).or(item.from_on),
        Kind::Ask | Kind::Visit | Kind::Reassess => {}
    }
}

fn same(stood: &Open, item: &Wanted) -> bool {
    stood.due_on == item.due_on
        && stood.from_on == item.from_on
        && stood.rank == item.rank
        && stood.cause == item.cause
        && stood.village == Some(item.village)
}

fn move_items(tx: &mut Session, wanted: &[Wanted], mut moved: Vec<(i64, usize)>) -> Result<(), WorklistError> {
    if moved.is_empty() {
        return Ok(());
    }
    moved.sort_unstable();
    let columns = ["due_on", "from_on", "rank", "cause", "county", "township", "village"];
    let rows = moved.into_iter().map(|(id, at)| -> [Value; 8] {
        let item = &wanted[at];
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

fn insert(tx: &mut Session, fresh: &[&Wanted], hands: &Hands, as_of: Date) -> Result<(), WorklistError> {
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
