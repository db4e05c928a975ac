//! Last night's open items against tonight's findings: what is new is opened, what is gone is closed, what moved is
//! moved. The same findings twice change nothing.

use std::collections::BTreeMap;

use kernel::{Date, DivisionCode, DivisionLevel, PersonId};
use serde::Serialize;
use store::{PutAway, Session, Value, ValueRef};

use crate::hand;
use crate::model::{Kind, Wanted, WorklistError};
use crate::open::{self, OpenItems, Words};

/// How the list changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Settled {
    pub opened: u64,
    pub moved: u64,
    pub closed: u64,
    pub standing: u64,
}

/// What stood of an item.
struct Open<'r> {
    due_on: Option<Date>,
    from_on: Option<Date>,
    rank: i64,
    cause: &'r str,
    village: Option<DivisionCode>,
}

/// How tonight's findings differ from what is open.
#[derive(Debug)]
pub struct Compared {
    settled: Settled,
    as_of: Date,
    /// How often people had closed an item.
    closings: i64,
    /// By finding.
    found_on: Vec<Date>,
    /// The last and the first day of findings that keep those of their items.
    first_days: Vec<(u32, Days)>,
    /// What stands without a finding.
    standing: OpenItems,
    /// Which of the findings are new.
    fresh: Vec<u32>,
    /// Items by id, and the finding that each becomes.
    moved: Vec<(i64, u32)>,
    closed: Vec<i64>,
}

/// The last day of an item, and the day from which it counts.
type Days = (Option<Date>, Option<Date>);

/// What a night changes, and what is open after it.
#[derive(Debug)]
pub struct Change {
    settled: Settled,
    as_of: Date,
    /// Tonight's findings, and what stands without one.
    open: OpenItems,
    /// Which of the findings are new.
    fresh: Vec<u32>,
    /// Items by id, and the finding that each becomes.
    moved: Vec<(i64, u32)>,
    closed: Vec<i64>,
}

/// Tonight's findings, sorted, each thing once.
#[derive(Debug)]
pub struct Tonight(Vec<Wanted>);

impl From<Vec<Wanted>> for Tonight {
    fn from(mut wanted: Vec<Wanted>) -> Self {
        if !wanted.is_sorted() {
            wanted.sort();
        }
        wanted.dedup_by(|one, other| order(one) == order(other));
        Self(wanted)
    }
}

impl Tonight {
    #[must_use]
    pub fn items(&self) -> &[Wanted] {
        &self.0
    }
}

/// Each finding found by what makes it the same item: last night's items are held against them as they are read, so that
/// the two never lie in memory together.
struct Meeting<'t> {
    wanted: &'t [Wanted],
    met: Vec<bool>,
    /// Where the next one is looked for first: items of one night stand in the order of their findings.
    next: usize,
}

impl<'t> Meeting<'t> {
    fn new(Tonight(wanted): &'t Tonight) -> Self {
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

/// Brings the table to tonight's findings, inside the night's transaction: [`compare`], [`Compared::onto`] and
/// [`Change::write`] in one.
///
/// # Errors
/// Those of the store.
pub fn settle(
    tx: &mut Session,
    wanted: Vec<Wanted>,
    as_of: Date,
    stands: impl Fn(Kind, PersonId) -> bool,
) -> Result<Settled, WorklistError> {
    let tonight = Tonight::from(wanted);
    compare(tx, &tonight, as_of, stands)?.onto(tonight).write(tx)
}

/// Holds tonight's findings against what is open.
///
/// What counts from the night that found it stays as it was found: the last day of an offer, the day a benefit ends when
/// the pack names none earlier. `stands` says which open items can't be judged tonight and therefore stay: the person has
/// no row any more.
///
/// # Errors
/// Those of the store.
pub fn compare(
    tx: &mut Session,
    tonight: &Tonight,
    as_of: Date,
    stands: impl Fn(Kind, PersonId) -> bool,
) -> Result<Compared, WorklistError> {
    let closings = hand::closings(tx)?;
    let mut meeting = Meeting::new(tonight);
    let mut settled = Settled::default();
    let (mut found_on, mut first_days) = (vec![as_of; meeting.wanted.len()], Vec::new());
    let (mut moved, mut closed) = (Vec::new(), Vec::new());
    let (mut standing, mut words) = (OpenItems::default(), Words::default());
    tx.query_each(include_str!("../sql/open_items.sql"), &[], |row| {
        let (kind, person): (Kind, _) = (row.text(1)?.parse()?, PersonId(row.int(3)?));
        let id = row.int(0)?;
        let Some(at) = meeting.meet((kind, row.text(2)?, person, row.opt_text(4)?)) else {
            if stands(kind, person) {
                settled.standing += 1;
                let (item, found_on) = open::read(row, &mut words)?;
                standing.push(item, found_on);
            } else {
                closed.push(id);
            }
            return Ok(());
        };
        let stood = Open {
            due_on: row.opt_date(5)?,
            from_on: row.opt_date(6)?,
            rank: row.int(7)?,
            cause: row.text(8)?,
            village: row.text(9)?.parse().ok(),
        };
        found_on[at] = row.date(10)?;
        let item = &meeting.wanted[at];
        let days = days_kept(&stood, item);
        if days != (item.due_on, item.from_on) {
            first_days.push((place(at), days));
        }
        if same(&stood, item, days) {
            settled.standing += 1;
        } else {
            moved.push((id, place(at)));
        }
        Ok::<_, WorklistError>(())
    })?;
    let fresh: Vec<u32> = meeting.met.iter().zip(0..).filter(|(met, _)| !**met).map(|(_, at)| at).collect();
    settled.moved = moved.len() as u64;
    settled.closed = closed.len() as u64;
    settled.opened = fresh.len() as u64;
    Ok(Compared { settled, as_of, closings, found_on, first_days, standing, fresh, moved, closed })
}

impl Compared {
    /// Whether what was open then still is: nobody has closed an item since.
    ///
    /// # Errors
    /// Those of the store.
    pub fn holds(&self, tx: &mut Session) -> Result<bool, WorklistError> {
        Ok(hand::closings(tx)? == self.closings)
    }

    /// What is open from then on, before it is written. New items get their ids in the order of the findings, so that two
    /// undisturbed nights give the same ids.
    #[must_use]
    pub fn onto(self, Tonight(mut items): Tonight) -> Change {
        let Self { settled, as_of, mut found_on, first_days, standing, fresh, moved, closed, .. } = self;
        for (at, (due_on, from_on)) in first_days {
            let item = &mut items[at as usize];
            (item.due_on, item.from_on) = (due_on, from_on);
        }
        items.reserve_exact(standing.items.len());
        items.extend(standing.items);
        found_on.extend(standing.found_on);
        Change { settled, as_of, open: OpenItems { items, found_on }, fresh, moved, closed }
    }
}

impl Change {
    /// What is open once it is written.
    #[must_use]
    pub const fn open(&self) -> &OpenItems {
        &self.open
    }

    /// Writes it, in the transaction in which the two were compared or [`Compared::holds`].
    ///
    /// # Errors
    /// Those of the store.
    pub fn write(&self, tx: &mut Session) -> Result<Settled, WorklistError> {
        let wanted = &self.open.items;
        let hands = if self.fresh.is_empty() { BTreeMap::new() } else { hands(tx)? };
        move_items(tx, wanted, self.moved.clone())?;
        close_items(tx, self.closed.clone(), self.as_of)?;
        let fresh: Vec<&Wanted> = self.fresh.iter().map(|at| &wanted[*at as usize]).collect();
        insert(tx, &fresh, &hands, self.as_of)?;
        Ok(self.settled)
    }
}

fn place(at: usize) -> u32 {
    u32::try_from(at).expect("a night finds fewer than 2^32 items")
}

/// The days of a finding, of which some count from the night that found its item first.
fn days_kept(stood: &Open<'_>, item: &Wanted) -> Days {
    match item.kind {
        Kind::Unserved => (stood.due_on.min(item.due_on).or(item.due_on), item.from_on),
        Kind::Stop => (item.due_on, stood.from_on.min(item.from_on).or(item.from_on)),
        Kind::Ask | Kind::Visit | Kind::Reassess => (item.due_on, item.from_on),
    }
}

fn same(stood: &Open<'_>, item: &Wanted, days: Days) -> bool {
    (stood.due_on, stood.from_on) == days
        && stood.rank == item.rank
        && *stood.cause == *item.cause
        && stood.village == Some(item.village)
}

fn move_items(tx: &mut Session, wanted: &[Wanted], mut moved: Vec<(i64, u32)>) -> Result<(), WorklistError> {
    if moved.is_empty() {
        return Ok(());
    }
    moved.sort_unstable();
    let columns = ["due_on", "from_on", "rank", "cause", "county", "township", "village"];
    let rows = moved.into_iter().map(|(id, at)| -> [Value; 8] {
        let item = &wanted[at as usize];
        [
            id.into(),
            item.due_on.into(),
            item.from_on.into(),
            item.rank.into(),
            (&*item.cause).into(),
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
    let away = if i64::from(count) > ids.start { tx.put_indexes_away("work_item", None)? } else { PutAway::default() };
    let as_of = as_of.to_string();
    let (mut key, mut days, mut places) = (String::new(), BTreeMap::new(), BTreeMap::new());
    tx.bulk_insert_with("work_item", &COLUMNS, |sink| {
        fresh.iter().zip(ids).try_for_each(|(item, id)| {
            item.write_key(&mut key);
            let hand = hands.get(&key);
            for day in [item.due_on, item.from_on].into_iter().flatten() {
                days.entry(day).or_insert_with(|| day.to_string());
            }
            let day = |day: Option<Date>| day.and_then(|day| days.get(&day)).map(String::as_str);
            let [county, township, village] = places.entry(item.village).or_insert_with(|| {
                let above = [DivisionLevel::County, DivisionLevel::Township].map(|level| ancestor(item.village, level));
                let [county, township] = above;
                [county, township, item.village.to_string()]
            });
            sink.push(&[
                ValueRef::Int(id),
                ValueRef::Text(&key),
                ValueRef::Text(item.kind.name()),
                ValueRef::Text(&item.rule),
                ValueRef::Int(item.person.0),
                text(item.fact.as_deref()),
                ValueRef::Text(county),
                ValueRef::Text(township),
                ValueRef::Text(village),
                ValueRef::Text(&as_of),
                text(day(item.due_on)),
                text(day(item.from_on)),
                ValueRef::Int(item.rank),
                ValueRef::Text(&item.cause),
                ValueRef::Text("open"),
                ValueRef::Text(hand.map_or("", |(hand, _)| hand)),
                text(hand.and_then(|(_, on)| on.as_deref())),
            ])
        })
    })?;
    tx.put_indexes_back(away)?;
    Ok(())
}

fn text(text: Option<&str>) -> ValueRef<'_> {
    text.map_or(ValueRef::Null, ValueRef::Text)
}

fn ancestor(village: DivisionCode, level: DivisionLevel) -> String {
    village.at(level).unwrap_or(village).to_string()
}
