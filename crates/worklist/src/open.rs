//! Every open item, for a night's exports.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::sync::Arc;

use kernel::{Date, DivisionCode, DivisionLevel, PersonId};
use store::{Row, Session};

use crate::model::{Kind, Wanted, WorklistError};

/// Open items, each with the night that found it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpenItems {
    pub(crate) items: Vec<Wanted>,
    pub(crate) found_on: Vec<Date>,
}

impl OpenItems {
    /// Every item in the order of exports: kind, village, last day, rank, person, rule, fact, all of them as texts are
    /// ordered.
    pub fn in_order(&self) -> impl Iterator<Item = (&Wanted, Date)> {
        let mut places: Vec<(Head, u32)> = self.items.iter().map(head).zip(0..).collect();
        places.sort_unstable_by(|(one, at), (other, place)| {
            one.cmp(other).then_with(|| tail(&self.items[*at as usize], &self.items[*place as usize]))
        });
        places.into_iter().map(|(_, at)| (&self.items[at as usize], self.found_on[at as usize]))
    }

    /// How many items of a kind there are, and of how many the last day lies before `today`.
    #[must_use]
    pub fn count(&self, kind: Kind, today: Date) -> (u64, u64) {
        let of_kind = self.items.iter().filter(|item| item.kind == kind);
        of_kind.fold((0, 0), |(open, overdue), item| {
            (open + 1, overdue + u64::from(item.due_on.is_some_and(|due| due < today)))
        })
    }

    pub(crate) fn push(&mut self, item: Wanted, found_on: Date) {
        self.items.push(item);
        self.found_on.push(found_on);
    }
}

/// What most items differ by, so that sorting seldom looks at them: kind and village, and the last day.
type Head = (u64, Date);

fn head(item: &Wanted) -> Head {
    let kind = Kind::ALL.iter().filter(|kind| kind.name() < item.kind.name()).count() as u64;
    (kind << 48 | as_text(item.village), item.due_on.unwrap_or(NEVER))
}

/// As the database orders what has no last day.
const NEVER: Date = match Date::from_ymd_opt(9999, 12, 31) {
    Some(day) => day,
    None => Date::MAX,
};

/// A code as a number that is ordered as its text is: 1101 before 110105, that before 1102.
fn as_text(village: DivisionCode) -> u64 {
    let digits = |level: DivisionLevel| level.digits() as u64;
    let level = digits(village.level());
    let full = village.number() * 10_u64.pow(u32::try_from(digits(DivisionLevel::Community) - level).unwrap_or(0));
    full << 4 | level
}

fn tail(one: &Wanted, other: &Wanted) -> Ordering {
    let key = |item: &Wanted| (item.rank, item.person);
    key(one).cmp(&key(other)).then_with(|| {
        (&*one.rule, one.fact.as_deref().unwrap_or("")).cmp(&(&*other.rule, other.fact.as_deref().unwrap_or("")))
    })
}

/// Every open item as it stands in the table.
///
/// # Errors
/// Those of the store.
pub fn open_items(session: &mut Session) -> Result<OpenItems, WorklistError> {
    let (mut open, mut words) = (OpenItems::default(), Words::default());
    session.query_each(include_str!("../sql/open_items.sql"), &[], |row| {
        let (item, found_on) = read(row, &mut words)?;
        open.push(item, found_on);
        Ok::<_, WorklistError>(())
    })?;
    Ok(open)
}

/// One row of `open_items.sql`.
pub(crate) fn read(row: &Row<'_>, words: &mut Words) -> Result<(Wanted, Date), WorklistError> {
    let item = Wanted {
        kind: row.text(1)?.parse()?,
        rule: words.shared(row.text(2)?),
        person: PersonId(row.int(3)?),
        fact: row.opt_text(4)?.map(|fact| words.shared(fact)),
        village: row.text(9)?.parse().map_err(|_| WorklistError::Stored { what: "division" })?,
        due_on: row.opt_date(5)?,
        from_on: row.opt_date(6)?,
        rank: row.int(7)?,
        cause: words.shared(row.text(8)?),
    };
    Ok((item, row.date(10)?))
}

/// The few words that items are made of, each kept once.
#[derive(Default)]
pub(crate) struct Words(BTreeSet<Arc<str>>);

impl Words {
    fn shared(&mut self, word: &str) -> Arc<str> {
        if let Some(known) = self.0.get(word) {
            return Arc::clone(known);
        }
        let word: Arc<str> = word.into();
        self.0.insert(Arc::clone(&word));
        word
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_ordered_as_texts() {
        let mut codes = ["110106", "110105001001", "11", "110105", "110105002", "1101"].map(str::to_owned);
        codes.sort_by_key(|code| as_text(code.parse().unwrap()));
        assert!(codes.is_sorted(), "{codes:?}");
    }
}
