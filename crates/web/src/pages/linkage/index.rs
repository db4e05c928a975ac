//! Every open pair: how sure, who, by which list, where.

use axum::extract::{Query, State};
use axum::response::Response;
use registry::linking::{self, OpenPair, Piece};
use serde::Serialize;
use std::collections::BTreeMap;

use super::journal;
use super::queue::{self, Chosen};
use super::{Bit, Line, bits, line};
use crate::edge::{Ask, Problem};
use crate::frame::Rail;
use crate::opened::Opened;
use crate::parts::{Chip, Mood, Pager, Stamp};
use crate::state::AppState;

/// Rows of one page.
const ROWS: i64 = 30;
/// Decisions shown beside them.
const LAST: usize = 12;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub headline: String,
    pub sub: String,
    pub tabs: Vec<Chip>,
    pub sources: Vec<Chip>,
    pub departments: Vec<Chip>,
    pub rows: Vec<Row>,
    pub pager: Pager,
    pub decided: Vec<Decided>,
    pub first: Option<String>,
    pub done: Option<Decided>,
}

/// One open pair.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub href: String,
    pub person: Vec<Bit>,
    pub other: Vec<Bit>,
    pub percent: i64,
    pub probability: f64,
    pub source: String,
    pub stamp: Option<Stamp>,
    pub place: String,
    /// It was decided before and its evidence has changed.
    pub again: Option<Mood>,
}

/// A pair people decided.
#[derive(Clone, Debug, Serialize)]
pub struct Decided {
    pub href: String,
    pub what: String,
    pub line: Line,
}

/// `GET /d/linkage`
pub async fn show(State(app): State<AppState>, ask: Ask, Query(chosen): Query<Chosen>) -> Result<Response, Problem> {
    app.night_page(ask, "linkage/index.html", move |ask, opened| {
        let desk = opened.desk;
        let region = desk.region(&chosen.scope);
        let view = view(opened, &chosen)?;
        let mut shell = ask.shell(Rail::Linkage, desk.voice.word("rail-linkage"));
        let kept = [("source", chosen.source.as_str()), ("department", chosen.department.as_str())];
        shell.scope = desk.scopes(region, "/d/linkage", &kept);
        Ok((shell, view))
    })
    .await
}

fn view(opened: &Opened<'_>, chosen: &Chosen) -> Result<View, Problem> {
    let desk = opened.desk;
    let open = queue::open(opened, chosen)?;
    let everywhere = queue::open(opened, &Chosen { scope: chosen.scope.clone(), ..Chosen::default() })?;
    let today = decided_today(opened)?;
    let total = i64::try_from(open.len()).unwrap_or(i64::MAX);
    let pager = Pager::of(chosen.page.parse().unwrap_or(1), ROWS, total, |page| {
        chosen.keep("/d/linkage", &[("page", &page.to_string())])
    });
    let skip = usize::try_from((pager.from - 1).max(0)).unwrap_or(0);
    let shown = open.iter().skip(skip).take(usize::try_from(ROWS).unwrap_or(0));
    let last = opened.ask(|session| linking::decided(session, LAST, |pair| queue::reaches(&desk, pair)))?;
    let decided: Vec<Decided> = last
        .iter()
        .map(|(pair, said)| Decided {
            href: chosen.pair(pair.id),
            what: desk.masked_name(pair.person),
            line: line(&desk, said),
        })
        .collect();
    let headline = match total {
        0 => desk.voice.word("linkage-none"),
        n => desk.voice.say("linkage-title", &[("n", n.into())]),
    };
    Ok(View {
        headline,
        sub: desk.voice.say("linkage-sub", &[("n", i64::try_from(today).unwrap_or(0).into())]),
        tabs: tabs(opened, everywhere.len(), false)?,
        sources: chips(opened, chosen, &everywhere, By::Source),
        departments: chips(opened, chosen, &everywhere, By::Department),
        rows: rows(opened, chosen, &shown.collect::<Vec<_>>())?,
        pager,
        first: open.first().map(|open| chosen.pair(open.pair.id)),
        done: chosen.done.parse::<i64>().ok().and_then(|done| {
            let at = last.iter().position(|(pair, _)| pair.id == done)?;
            decided.get(at).cloned()
        }),
        decided,
    })
}

/// How many pairs the reader may see were decided today.
///
/// # Errors
/// Those of the database.
pub fn decided_today(opened: &Opened<'_>) -> Result<usize, Problem> {
    let pairs = opened.ask(|session| linking::decided_on(session, opened.app.clock().today()))?;
    Ok(pairs.iter().filter(|pair| queue::reaches(&opened.desk, pair)).count())
}

/// Questions and the journal, as tabs.
///
/// # Errors
/// Those of the database.
pub fn tabs(opened: &Opened<'_>, open: usize, journal: bool) -> Result<Vec<Chip>, Problem> {
    let voice = opened.desk.voice;
    let merges = journal::merges(opened)?;
    let proposed = merges.iter().filter(|merge| merge.is_proposed()).count();
    let chip = |key: &str, n: usize, href: &str, current| Chip {
        label: voice.word(key),
        n: i64::try_from(n).ok(),
        href: href.to_owned(),
        current,
    };
    Ok(vec![
        chip("linkage-open", open, "/d/linkage", !journal),
        chip("linkage-journal", proposed, "/d/linkage/merges", journal),
    ])
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    Source,
    Department,
}

/// How many pairs each list or department has; none when there is only one.
fn chips(opened: &Opened<'_>, chosen: &Chosen, open: &[OpenPair], by: By) -> Vec<Chip> {
    let mut counts: BTreeMap<String, i64> = BTreeMap::new();
    for pair in open {
        let key = match by {
            By::Source => Some(queue::source_of(pair).to_owned()),
            By::Department => queue::department_of(opened, pair),
        };
        *counts.entry(key.unwrap_or_default()).or_default() += 1;
    }
    counts.remove("");
    if counts.len() < 2 {
        return Vec::new();
    }
    let now = if by == By::Source { &chosen.source } else { &chosen.department };
    let link = |key: &str| match by {
        By::Source => Chosen { source: key.to_owned(), ..chosen.clone() },
        By::Department => Chosen { department: key.to_owned(), ..chosen.clone() },
    };
    let label = |key: &str| match by {
        By::Source => queue::source_label(opened, key),
        By::Department => department(opened, key),
    };
    let all = Chip {
        label: opened.desk.voice.word("work-all"),
        n: Some(counts.values().sum()),
        href: link("").keep("/d/linkage", &[]),
        current: now.is_empty(),
    };
    let each = counts.iter().map(|(key, n)| Chip {
        label: label(key),
        n: Some(*n),
        href: link(key).keep("/d/linkage", &[]),
        current: key == now,
    });
    std::iter::once(all).chain(each).collect()
}

/// Pairs as lists show them.
///
/// # Errors
/// Those of the database and of the keys.
pub fn rows(opened: &Opened<'_>, chosen: &Chosen, pairs: &[&OpenPair]) -> Result<Vec<Row>, Problem> {
    let world = &opened.published.world;
    let of: Vec<&linking::Pair> = pairs.iter().map(|open| &open.pair).collect();
    let names =
        opened.ask(|session| linking::names(session, opened.keys(), (&world.catalogue, &world.divisions), &of))?;
    Ok(pairs.iter().zip(&names).map(|(open, names)| row(opened, chosen, open, names)).collect())
}

fn row(opened: &Opened<'_>, chosen: &Chosen, open: &OpenPair, [person, other]: &[Vec<Piece>; 2]) -> Row {
    let desk = opened.desk;
    let again = !open.pair.moved.is_empty();
    Row {
        href: chosen.pair(open.pair.id),
        person: bits(person),
        other: bits(other),
        percent: percent(open.pair.probability),
        probability: open.pair.probability,
        source: queue::source_label(opened, queue::source_of(open)),
        stamp: queue::stamp(opened, open),
        place: queue::home(&desk, open).map(|home| desk.where_is(home)).unwrap_or_default(),
        again: again.then(|| Mood::new("info", desk.voice.word("linkage-again"))),
    }
}

/// Whole percent, never rounded up to certainty.
#[must_use]
pub fn percent(probability: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "between 0 and 100")]
    let whole = (probability * 100.0).floor() as i64;
    whole.clamp(0, 99)
}

fn department(opened: &Opened<'_>, id: &str) -> String {
    let found = opened.desk.pack.dictionary.department(id);
    found.map_or_else(|| id.to_owned(), |found| opened.desk.voice.of(&found.name).to_owned())
}
