//! One indicator: how it is counted, where the gap is, who or what is missing.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use cycle::Drill;
use kernel::{DivisionCode, DivisionLevel, PersonId};
use performance::State as Judged;
use policy::IndicatorTable;
use policy::column::{Bits, Table};
use policy::model::{Denominator, Indicator, Measure};
use serde::{Deserialize, Serialize};

use super::index::{SMALL, deadline, period, trend};
use super::said;
use crate::desk::{Desk, every_word};
use crate::edge::{Ask, Problem};
use crate::frame::{Bullet, Rail, figures};
use crate::parts::{Chip, ClauseLink, FactShown, Mood, Pager, address};
use crate::state::AppState;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub headline: String,
    pub id: String,
    pub label: String,
    pub period: String,
    pub clauses: Vec<ClauseLink>,
    pub export_href: String,
    pub overdue: bool,
    pub state: Mood,
    pub deadline: String,
    pub bullet: Bullet,
    pub base_label: Option<String>,
    pub facts: Vec<(String, String)>,
    pub trend: Vec<f64>,
    pub summary: String,
    pub note: Option<String>,
    pub to_confirm: bool,
    pub numerator: String,
    pub numerator_sql: String,
    pub denominator: String,
    pub denominator_sql: String,
    pub unit: String,
    pub axis: String,
    pub tree: Vec<Node>,
    pub small: i64,
    pub rows_title: String,
    pub rows_head: String,
    pub rows_fact: String,
    pub sides: Vec<Chip>,
    pub rows: Vec<Row>,
    pub pager: Pager,
}

/// A division in the tree.
#[derive(Clone, Debug, Serialize)]
pub struct Node {
    pub depth: usize,
    pub name: String,
    pub href: String,
    pub toggle: String,
    pub toggle_label: String,
    pub children: bool,
    pub open: bool,
    pub current: bool,
    pub value: String,
    pub bullet: Bullet,
    pub gap: String,
    pub counts: String,
}

/// A person, place or division of the drill-down.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub href: Option<String>,
    pub name: String,
    pub age: Option<i64>,
    pub place: String,
    pub facts: Vec<FactShown>,
}

/// Rows of a drill-down on one page.
const ROWS: i64 = 30;

/// Which rows of the denominator are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Side {
    #[default]
    Missing,
    Counted,
    Unknown,
}

impl Side {
    pub const ALL: [Self; 3] = [Self::Missing, Self::Counted, Self::Unknown];

    /// The word in addresses and messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Counted => "counted",
            Self::Unknown => "unknown",
        }
    }

    /// The side of that name, else what is missing.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self::ALL.into_iter().find(|side| side.name() == name).unwrap_or_default()
    }

    /// The rows of this side.
    #[must_use]
    pub fn rows(self, table: &IndicatorTable) -> Bits {
        match self {
            Self::Missing => table.rows.and_not(&table.numerator).and_not(&table.unknown),
            Self::Counted => table.numerator.clone(),
            Self::Unknown => table.unknown.clone(),
        }
    }
}

#[derive(Debug, Default, Deserialize)]
pub struct Params {
    #[serde(default)]
    pub at: String,
    #[serde(default)]
    side: String,
    #[serde(default)]
    page: String,
}

/// `GET /d/indicators/{id}`
pub async fn show(
    State(app): State<AppState>,
    ask: Ask,
    Path(id): Path<String>,
    Query(params): Query<Params>,
) -> Result<Response, Problem> {
    app.night_page(ask, "indicators/show.html", move |ask, opened| {
        let desk = opened.desk;
        let indicator = desk.pack.indicator(&id).ok_or(Problem::NotFound)?;
        let drill = opened.try_ask(|session| opened.published.drill(session, opened.keys(), &id))?;
        let query = Asked {
            at: params.at.parse().ok(),
            side: Side::named(&params.side),
            page: params.page.parse().unwrap_or(1),
        };
        let view = view(&desk, indicator, &drill, query).ok_or(Problem::NotFound)?;
        let shell = ask
            .shell(Rail::Indicators, desk.voice.of(&indicator.label))
            .via(desk.voice.word("rail-indicators"), "/d/indicators");
        Ok((shell, view))
    })
    .await
}

/// What a reader asks of an indicator.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked {
    pub at: Option<DivisionCode>,
    pub side: Side,
    pub page: i64,
}

/// The page of one indicator; none when it was not measured.
#[must_use]
pub fn view(desk: &Desk<'_>, indicator: &Indicator, drill: &Drill, query: Asked) -> Option<View> {
    let table = &drill.table;
    let whole = said::whole(desk)?;
    let at = query.at.filter(|code| table.line(*code).is_some()).unwrap_or(whole);
    let line = said::line(desk, &indicator.id, whole)?;
    let measured = desk.judged(&indicator.id, whole)?;
    let path = format!("/d/indicators/{}", indicator.id);
    let listed = Listed::new(desk, drill, at);
    let n = listed.count(query.side);
    let unit_value = format!("{}{}", line.value, line.unit);
    let short = said::short(desk, indicator, measured);
    let gap = short.map(|n| said::counted(desk, indicator, n)).unwrap_or_default();
    let args =
        [("label", line.label.as_str().into()), ("value", unit_value.clone().into()), ("gap", gap.clone().into())];
    let headline = match measured.state {
        Judged::Met => desk.voice.say("ind-headline-met", &args),
        Judged::NoData => desk.voice.say("ind-headline-none", &args),
        Judged::NoBase | Judged::NoTarget => desk.voice.say("ind-headline-plain", &args),
        _ if gap.is_empty() => desk.voice.say("ind-headline-plain", &args),
        Judged::Overdue => desk.voice.say("ind-headline-overdue", &args),
        _ => desk.voice.say("ind-headline-miss", &args),
    };
    let link = |side: Side, page: i64| {
        let page = if page > 1 { page.to_string() } else { String::new() };
        let side = if side == Side::Missing { "" } else { side.name() };
        let at = if at == whole { String::new() } else { at.to_string() };
        address(&path, &[("at", &at), ("side", side), ("page", &page)]) + "#rows"
    };
    let pager = Pager::of(query.page, ROWS, n, |page| link(query.side, page));
    let rows = listed.page(query.side, pager.from).map(|row| shown(desk, indicator, &listed, row)).collect();
    let rows_title = match query.side {
        Side::Missing => "ind-rows-title",
        Side::Counted => "ind-rows-title-counted",
        Side::Unknown => "ind-rows-title-unknown",
    };
    let (numerator, denominator) = sql(desk, indicator);
    let said_number = |x: Option<f64>| x.map_or_else(|| "—".to_owned(), figures::grouped);
    Some(View {
        headline,
        id: indicator.id.clone(),
        period: period(desk, indicator, Some(measured)),
        clauses: desk.clause_links(&indicator.clauses),
        export_href: address(&format!("{path}/export.xlsx"), &[("at", &at.to_string())]),
        overdue: measured.state == Judged::Overdue,
        state: line.state,
        deadline: deadline(desk, indicator),
        base_label: line.bullet.previous.map(|_| desk.voice.word("ind-base")),
        bullet: line.bullet,
        facts: facts(desk, &unit_value, &gap, measured),
        trend: trend(measured),
        summary: indicator.summary.as_ref().map(|s| desk.voice.of(s).to_owned()).unwrap_or_default(),
        note: indicator.note.as_ref().map(|n| desk.voice.of(n).to_owned()),
        to_confirm: indicator.to_confirm,
        numerator: said_number(measured.numerator),
        numerator_sql: numerator,
        denominator: said_number(measured.denominator),
        denominator_sql: denominator,
        unit: line.unit.clone(),
        axis: axis(desk, indicator, whole),
        tree: tree(desk, indicator, table, whole, at),
        small: SMALL,
        rows_title: desk.voice.say(rows_title, &[("place", desk.place(at).into()), ("n", n.into())]),
        rows_head: match indicator.entity.as_str() {
            "person" => desk.voice.word("col-who"),
            "place" => desk.voice.word("ind-rows-place"),
            _ => desk.voice.word("ind-rows-division"),
        },
        rows_fact: desk.voice.word("ind-rows-fact"),
        sides: Side::ALL
            .into_iter()
            .map(|side| Chip {
                label: desk.voice.word(&format!("ind-side-{}", side.name())),
                n: Some(listed.count(side)),
                href: link(side, 1),
                current: side == query.side,
            })
            .collect(),
        rows,
        pager,
        label: line.label,
    })
}

fn facts(desk: &Desk<'_>, value: &str, gap: &str, measured: &performance::Measured) -> Vec<(String, String)> {
    let mut facts = vec![(desk.voice.word("ind-fact-value"), value.to_owned())];
    if !gap.is_empty() {
        facts.push((desk.voice.word("ind-fact-gap"), gap.to_owned()));
    }
    if measured.unknown > 0 {
        facts.push((desk.voice.word("ind-fact-unknown"), measured.unknown.to_string()));
    }
    if let Some(base) = measured.base {
        facts.push((desk.voice.word("ind-fact-base"), figures::measure(base)));
    }
    if let Some(since) = measured.since {
        facts.push((desk.voice.word("ind-fact-since"), since.to_string()));
    }
    facts
}

/// What is counted and what it is divided by, as the pack writes it.
fn sql(desk: &Desk<'_>, indicator: &Indicator) -> (String, String) {
    let filter = indicator.filter.as_ref().map_or("", |f| f.text.trim());
    let numerator = match &indicator.numerator {
        Measure::Count(sql) => sql.text.trim().to_owned(),
        Measure::Sum(sql) => format!("SUM({})", sql.text.trim()),
    };
    let denominator = match &indicator.denominator {
        Denominator::Rows if filter.is_empty() => "COUNT(*)".to_owned(),
        Denominator::Rows => filter.to_owned(),
        Denominator::Sum(sql) => format!("SUM({})\n{filter}", sql.text.trim()),
        Denominator::None => format!("-- {}\n{filter}", desk.voice.word("ind-denominator-none")),
    };
    (numerator, denominator)
}

fn axis(desk: &Desk<'_>, indicator: &Indicator, whole: DivisionCode) -> String {
    let bullet = said::bullet(desk, indicator, desk.judged(&indicator.id, whole));
    let args = [("min", figures::measure(bullet.min).into()), ("max", figures::measure(bullet.max).into())];
    desk.voice.say("ind-axis", &args)
}

/// The whole, its parts, and below them the way to `at` with the parts of each step.
fn tree(
    desk: &Desk<'_>,
    indicator: &Indicator,
    table: &IndicatorTable,
    whole: DivisionCode,
    at: DivisionCode,
) -> Vec<Node> {
    let mut nodes = Vec::new();
    branch(desk, indicator, table, whole, (whole, at), &mut nodes);
    nodes
}

fn branch(
    desk: &Desk<'_>,
    indicator: &Indicator,
    table: &IndicatorTable,
    code: DivisionCode,
    (whole, at): (DivisionCode, DivisionCode),
    nodes: &mut Vec<Node>,
) {
    let children: Vec<DivisionCode> = desk
        .pack
        .divisions
        .children(code)
        .map(|d| d.code)
        .filter(|child| table.line(*child).is_some() && desk.judged(&indicator.id, *child).is_some())
        .collect();
    let open = code.contains(at);
    if let Some(node) = node(desk, indicator, code, (whole, at), !children.is_empty(), open) {
        nodes.push(node);
    }
    if open {
        children.into_iter().for_each(|child| branch(desk, indicator, table, child, (whole, at), nodes));
    }
}

fn node(
    desk: &Desk<'_>,
    indicator: &Indicator,
    code: DivisionCode,
    (whole, at): (DivisionCode, DivisionCode),
    children: bool,
    open: bool,
) -> Option<Node> {
    let line = said::line(desk, &indicator.id, code)?;
    let measured = desk.judged(&indicator.id, code)?;
    let path = format!("/d/indicators/{}", indicator.id);
    let to = |code: DivisionCode| {
        let at = if code == whole { String::new() } else { code.to_string() };
        address(&path, &[("at", &at)])
    };
    let name = desk.place(code);
    let args = [("place", name.as_str().into())];
    let depth = match code.level() {
        DivisionLevel::Province | DivisionLevel::Prefecture => 0,
        DivisionLevel::County => 1,
        DivisionLevel::Township => 2,
        DivisionLevel::Community => 3,
    };
    Some(Node {
        depth,
        href: to(code),
        toggle: if open { to(code.parent().filter(|_| code != whole).unwrap_or(whole)) } else { to(code) },
        toggle_label: if open { desk.voice.say("ind-close", &args) } else { desk.voice.say("ind-open", &args) },
        children,
        open,
        current: code == at,
        value: line.value,
        bullet: Bullet { label: format!("{name} {}", line.label), previous: None, ..line.bullet },
        gap: said::short(desk, indicator, measured).filter(|_| said::has_target(desk, indicator, code)).map_or_else(|| "—".to_owned(), figures::grouped),
        counts: line.counts,
        name,
    })
}

/// The rows of one division.
pub struct Listed<'t> {
    table: Option<&'t Table>,
    measured: &'t IndicatorTable,
    at: DivisionCode,
    whole: bool,
}

impl<'t> Listed<'t> {
    #[must_use]
    pub fn new(desk: &Desk<'t>, drill: &'t Drill, at: DivisionCode) -> Self {
        let whole = said::whole(desk) == Some(at);
        let population = drill.earlier.as_ref().unwrap_or(desk.population);
        Self { table: population.table(&drill.table.entity), measured: &drill.table, at, whole }
    }

    /// Rows of a side, in table order.
    pub fn rows(&self, side: Side) -> impl Iterator<Item = usize> + '_ {
        let rows: Vec<usize> = side.rows(self.measured).ones().collect();
        rows.into_iter().filter(|row| match self.measured.divisions[*row] {
            Some(own) => self.at.contains(own),
            None => self.whole,
        })
    }

    fn count(&self, side: Side) -> i64 {
        i64::try_from(self.rows(side).count()).unwrap_or(0)
    }

    fn page(&self, side: Side, from: i64) -> impl Iterator<Item = usize> + '_ {
        let skip = usize::try_from(from - 1).unwrap_or(0);
        self.rows(side).skip(skip).take(usize::try_from(ROWS).unwrap_or(0))
    }
}

/// One row with the facts the numerator reads.
#[must_use]
pub fn shown(desk: &Desk<'_>, indicator: &Indicator, listed: &Listed<'_>, row: usize) -> Row {
    let place = listed.measured.divisions[row].map(|code| desk.where_is(code)).unwrap_or_default();
    let Some(table) = listed.table else {
        return Row { href: None, name: row.to_string(), age: None, place, facts: Vec::new() };
    };
    let (Measure::Count(sql) | Measure::Sum(sql)) = &indicator.numerator;
    let facts = every_word(&sql.text)
        .into_iter()
        .filter(|key| desk.pack.dictionary.get(&indicator.entity, key).is_some())
        .filter_map(|key| desk.shown(&indicator.entity, key, &table.get(row, key)))
        .take(3)
        .collect();
    match indicator.entity.as_str() {
        "person" => {
            let person = desk.person(PersonId(table.ids()[row]));
            Row { href: person.href, name: person.name, age: person.age, place, facts }
        }
        _ => {
            let name = table.get(row, "name").as_text().map_or_else(|| place.clone(), str::to_owned);
            Row { href: None, place: if name == place { String::new() } else { place }, name, age: None, facts }
        }
    }
}
