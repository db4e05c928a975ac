//! Every indicator against its target, and the parts of a region side by side.

use axum::extract::{Query, State};
use axum::response::Response;
use kernel::{DivisionCode, DivisionLevel};
use performance::{Measured, State as Judged};
use policy::model::{Deadline, Indicator, Period};
use serde::{Deserialize, Serialize};

use super::said;
use crate::desk::{Desk, Region};
use crate::edge::{Ask, Problem};
use crate::frame::{Bullet, Rail, figures};
use crate::opened::Opened;
use crate::parts::{Mood, address};
use crate::state::AppState;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub headline: String,
    pub sub: String,
    pub export_href: String,
    /// What counties have sent up; none: nothing is held here, or it is not for the reader.
    pub returns_href: Option<String>,
    pub groups: Vec<Group>,
    /// Whether anything has an earlier period to show.
    pub trends: bool,
    pub rank_title: String,
    pub rank_heads: Vec<Head>,
    pub ranks: Vec<Rank>,
    /// Denominators below this are not ranked.
    pub small: i64,
}

/// Indicators counted over the same kind of thing.
#[derive(Clone, Debug, Serialize)]
pub struct Group {
    pub title: String,
    pub rows: Vec<Row>,
}

/// One indicator.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub href: String,
    pub label: String,
    pub period: String,
    pub to_confirm: bool,
    pub value: String,
    pub unit: String,
    pub bullet: Bullet,
    pub target: String,
    pub state: Mood,
    pub counts: String,
    pub trend: Vec<f64>,
    pub deadline: String,
}

/// A column of the comparison.
#[derive(Clone, Debug, Serialize)]
pub struct Head {
    pub label: String,
    pub href: String,
    pub target: String,
}

/// A row of the comparison.
#[derive(Clone, Debug, Serialize)]
pub struct Rank {
    pub name: String,
    pub href: Option<String>,
    pub cells: Vec<Cell>,
}

/// One value, coloured by its distance to the target.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Cell {
    pub text: String,
    /// `ht5` reached … `ht1` far; `na` few or none.
    pub class: &'static str,
    pub hint: Option<String>,
    pub title: Option<String>,
    pub low: bool,
}

/// Denominators of people below this are shown without a colour.
pub const SMALL: i64 = 30;

#[derive(Debug, Default, Deserialize)]
pub struct Params {
    #[serde(default)]
    pub scope: String,
}

/// `GET /d/indicators`
pub async fn show(State(app): State<AppState>, ask: Ask, Query(params): Query<Params>) -> Result<Response, Problem> {
    app.night_page(ask, "indicators/index.html", move |ask, opened| {
        let desk = opened.desk;
        let region = desk.region(&params.scope);
        let mut shell = ask.shell(Rail::Indicators, desk.voice.word("rail-indicators"));
        shell.scope = desk.scopes(region, "/d/indicators", &[]);
        Ok((shell, View { returns_href: returns_href(opened)?, ..view(&desk, region) }))
    })
    .await
}

/// The page about what counties have sent up, for whoever answers for the whole region.
fn returns_href(opened: &Opened<'_>) -> Result<Option<String>, Problem> {
    let whole = opened.desk.pack.roots.iter().all(|root| opened.demand_division("indicator.see", *root).is_ok());
    let held = whole && opened.ask(returns::holds_any)?;
    Ok(held.then(|| "/d/province".to_owned()))
}

/// All indicators of the region and its parts side by side.
#[must_use]
pub fn view(desk: &Desk<'_>, region: Region) -> View {
    let here = region.division().or_else(|| said::whole(desk));
    let judged = |id: &str| here.and_then(|code| desk.judged(id, code));
    let count = |state: Judged| {
        let n = desk.pack.indicators.iter().filter(|i| judged(&i.id).is_some_and(|m| m.state == state)).count();
        i64::try_from(n).unwrap_or(0)
    };
    let n = i64::try_from(desk.pack.indicators.len()).unwrap_or(0);
    let args = [("n", n.into()), ("met", count(Judged::Met).into()), ("overdue", count(Judged::Overdue).into())];
    let place = desk.region_name(region);
    let sub = [("day", desk.as_of.to_string().into()), ("place", place.clone().into())];
    let groups = [
        ("person", "ind-group-people"),
        ("place", "ind-group-places"),
        ("division", "ind-group-divisions"),
        ("", "ind-group-other"),
    ];
    let heads: Vec<&Indicator> = match desk.below(region).first() {
        Some(first) => desk.pack.indicators.iter().filter(|i| i.levels.contains(&first.level())).collect(),
        None => Vec::new(),
    };
    View {
        headline: desk.voice.say("ind-title", &args),
        sub: desk.voice.say("ind-sub", &sub),
        returns_href: None,
        export_href: address("/d/indicators/export.xlsx", &[("scope", &region.query())]),
        groups: groups
            .into_iter()
            .map(|(entity, title)| Group {
                title: desk.voice.word(title),
                rows: desk
                    .pack
                    .indicators
                    .iter()
                    .filter(|i| group_of(i) == entity)
                    .filter_map(|i| row(desk, i, here?, region))
                    .collect(),
            })
            .filter(|group| !group.rows.is_empty())
            .collect(),
        rank_title: desk.voice.say("rank-title", &[("place", place.into())]),
        rank_heads: heads
            .iter()
            .map(|i| Head {
                label: desk.voice.of(&i.label).to_owned(),
                href: address(&format!("/d/indicators/{}", i.id), &[("at", &region.query())]),
                target: said::target_said(desk, i),
            })
            .collect(),
        trends: desk.pack.indicators.iter().any(|i| judged(&i.id).is_some_and(|m| trend(m).len() > 1)),
        ranks: desk.below(region).into_iter().map(|code| rank(desk, &heads, code)).collect(),
        small: SMALL,
    }
}

fn group_of(indicator: &Indicator) -> &str {
    match indicator.entity.as_str() {
        entity @ ("person" | "place" | "division") => entity,
        _ => "",
    }
}

fn row(desk: &Desk<'_>, indicator: &Indicator, division: DivisionCode, region: Region) -> Option<Row> {
    let line = said::line(desk, &indicator.id, division)?;
    let measured = desk.judged(&indicator.id, division)?;
    Some(Row {
        href: address(&format!("/d/indicators/{}", indicator.id), &[("at", &region.query())]),
        label: line.label,
        period: period(desk, indicator, Some(measured)),
        to_confirm: indicator.to_confirm,
        value: line.value,
        unit: line.unit,
        bullet: line.bullet,
        target: line.target,
        state: line.state,
        counts: line.counts,
        trend: trend(measured),
        deadline: deadline(desk, indicator),
    })
}

/// Base period and this one, where both are known.
#[must_use]
pub fn trend(measured: &Measured) -> Vec<f64> {
    measured.base.into_iter().chain(measured.value).collect()
}

/// The deadline as the plan states it.
#[must_use]
pub fn deadline(desk: &Desk<'_>, indicator: &Indicator) -> String {
    match &indicator.deadline {
        Some(Deadline::On(day)) => desk.voice.say("ind-deadline", &[("date", day.to_string().into())]),
        Some(Deadline::Recurring(words)) => desk.voice.of(words).to_owned(),
        Some(Deadline::NoneStated) | None => desk.voice.word("ind-deadline-none"),
    }
}

/// The stretch of time measured.
#[must_use]
pub fn period(desk: &Desk<'_>, indicator: &Indicator, measured: Option<&Measured>) -> String {
    let kind = desk.voice.word(&format!("ind-period-{}", indicator.period.name()));
    match measured {
        Some(m) if indicator.period != Period::Day => {
            let (from, to) = (m.period_start.to_string(), m.period_end.to_string());
            desk.voice.say("ind-period-range", &[("kind", kind.into()), ("from", from.into()), ("to", to.into())])
        }
        _ => kind,
    }
}

fn rank(desk: &Desk<'_>, heads: &[&Indicator], code: DivisionCode) -> Rank {
    Rank {
        name: desk.place(code),
        href: (code.level() < DivisionLevel::Community)
            .then(|| address("/d/indicators", &[("scope", &code.to_string())])),
        cells: heads.iter().map(|indicator| cell(desk, indicator, code)).collect(),
    }
}

fn cell(desk: &Desk<'_>, indicator: &Indicator, code: DivisionCode) -> Cell {
    let none = Cell { text: "—".into(), class: "na", ..Cell::default() };
    let Some(measured) = desk.judged(&indicator.id, code) else { return none };
    let Some(value) = measured.value else { return none };
    #[expect(clippy::cast_precision_loss, reason = "a small figure")]
    let few = indicator.entity == "person" && measured.denominator.is_some_and(|d| d < SMALL as f64);
    if few {
        return Cell { text: desk.voice.word("rank-few"), title: Some(figures::measure(value)), ..none };
    }
    let text = figures::measure(value);
    let goal = said::target(desk, indicator).or(measured.base).filter(|_| said::has_target(desk, indicator, code));
    let Some(goal) = goal.filter(|goal| *goal > 0.0) else {
        return Cell { text, class: "na", ..Cell::default() };
    };
    let ratio = value / goal;
    let (class, hint) = match ratio {
        r if r >= 1.0 => ("ht5", Some("rank-reached")),
        r if r >= 0.97 => ("ht4", None),
        r if r >= 0.9 => ("ht3", None),
        r if r >= 0.8 => ("ht2", None),
        _ => ("ht1", Some("rank-far")),
    };
    Cell { text, class, hint: hint.map(|key| desk.voice.word(key)), title: None, low: class == "ht1" }
}
