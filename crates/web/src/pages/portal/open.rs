//! What everyone may see of a night: indicators against their targets, and how many are due and served by county.

use axum::extract::State;
use axum::response::Response;
use kernel::DivisionCode;
use policy::Outcome;
use policy::model::{Count, Rule};
use serde::Serialize;

use super::answered::tile;
use super::small;
use crate::desk::Desk;
use crate::edge::{Ask, Problem};
use crate::frame::{Bullet, Section};
use crate::pages::indicators::said;
use crate::parts::Mood;
use crate::public::{Made, Page, Public};
use crate::state::AppState;

/// Shares of fewer people say nothing.
const SMALL: i32 = 30;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub title: String,
    pub lead: String,
    pub indicators: Vec<Indicator>,
    pub counties: Vec<String>,
    pub registers: Vec<Register>,
    /// Counts below it are left out; none: no counts of people are published.
    pub least: Option<i64>,
}

/// One indicator for the whole region and by county.
#[derive(Clone, Debug, Serialize)]
pub struct Indicator {
    pub id: String,
    pub label: String,
    pub summary: String,
    pub value: String,
    pub unit: String,
    pub target: String,
    pub deadline: String,
    pub state: Mood,
    pub bullet: Bullet,
    /// Name and value.
    pub counties: Vec<(String, String)>,
    pub to_confirm: bool,
}

/// How many are due a benefit or a visit, and how many of them have it.
#[derive(Clone, Debug, Serialize)]
pub struct Register {
    pub tile: String,
    pub label: String,
    /// Whether it is told who has it already.
    pub served: bool,
    pub total: Row,
    pub rows: Vec<Row>,
}

/// A county; none: left out because it is few.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub name: String,
    pub due: Option<i64>,
    pub served: Option<i64>,
}

/// Counts of one rule, the counties in order.
#[derive(Clone, Debug, Default)]
pub struct Counted {
    pub due: Vec<u64>,
    /// None: the rule does not say how to tell.
    pub served: Option<Vec<u64>>,
}

/// `GET /open`
pub async fn show(State(app): State<AppState>, ask: Ask) -> Result<Response, Problem> {
    app.public_page(ask, Page::new(Section::Open, "portal/open.html"), |_, public| {
        let view = view(public);
        Ok(Made::new(view.title.clone(), view))
    })
    .await
}

fn view(public: &Public<'_>) -> View {
    let desk = &public.desk;
    let counties = counties(desk);
    let least = desk.pack.portal.publishing.small_cell.as_ref().and_then(|count| match count {
        Count::Number(n) => Some(*n),
        Count::Parameter(id, _) => {
            desk.pack.parameter(id).and_then(|p| desk.parameter_value(p)).and_then(|v| v.value.as_units())
        }
    });
    let registers = least.map(|least| {
        let least = u64::try_from(least).unwrap_or(0);
        let rules: Vec<&Rule> = desk.pack.rules_of("benefit").chain(desk.pack.rules_of("visit")).collect();
        let count = || rules.iter().map(|rule| counted(desk, rule, &counties)).collect();
        let counted = public.published.registers(count);
        rules.iter().zip(counted).map(|(rule, counted)| register(desk, rule, counted, &counties, least)).collect()
    });
    let lead = desk.voice.say("open-lead", &[("n", least.unwrap_or(0).into())]);
    View {
        title: desk.voice.word("open-title"),
        lead,
        indicators: desk
            .pack
            .portal
            .publishing
            .indicators
            .iter()
            .filter_map(|id| indicator(desk, id, &counties))
            .collect(),
        counties: counties.iter().map(|code| desk.place(*code)).collect(),
        registers: registers.unwrap_or_default(),
        least,
    }
}

/// The divisions one level below the plan's own, or these themselves.
fn counties(desk: &Desk<'_>) -> Vec<DivisionCode> {
    let below = desk.pack.roots.iter().flat_map(|root| desk.pack.divisions.children(*root)).map(|d| d.code);
    let below: Vec<DivisionCode> = below.collect();
    if below.is_empty() { desk.pack.roots.clone() } else { below }
}

fn indicator(desk: &Desk<'_>, id: &str, counties: &[DivisionCode]) -> Option<Indicator> {
    let whole = said::whole(desk)?;
    let (of, line) = (desk.pack.indicator(id)?, said::line(desk, id, whole)?);
    let counties = counties.iter().filter(|code| **code != whole).filter_map(|code| {
        let measured = desk.judged(id, *code)?;
        let few = of.entity == "person" && measured.denominator.is_some_and(|n| n < f64::from(SMALL));
        let county = said::line(desk, id, *code)?;
        let value = match measured.value {
            Some(_) if few => desk.voice.word("open-few"),
            Some(_) => format!("{}{}", county.value, county.unit),
            None => desk.voice.word("open-no-data"),
        };
        Some((desk.place(*code), value))
    });
    Some(Indicator {
        id: id.to_owned(),
        label: line.label,
        summary: of.summary.as_ref().map(|text| desk.voice.of(text).to_owned()).unwrap_or_default(),
        value: line.value,
        unit: line.unit,
        target: line.target,
        deadline: cycle::deadline(of).map(|day| day.to_string()).unwrap_or_default(),
        state: line.state,
        bullet: line.bullet,
        counties: counties.collect(),
        to_confirm: of.to_confirm,
    })
}

/// Counts people who are due it by the county where they live.
fn counted(desk: &Desk<'_>, rule: &Rule, counties: &[DivisionCode]) -> Counted {
    let mut due = vec![0; counties.len()];
    let Some((table, found)) = desk.people().zip(desk.found.rule(&rule.id)) else {
        return Counted { due, served: None };
    };
    let mut served = found.served.as_ref().map(|_| due.clone());
    for row in found.outcome.yes.ones() {
        let home = ["residence_division", "hukou_division"]
            .into_iter()
            .find_map(|key| table.column(key)?.text(row).and_then(|code| code.parse::<DivisionCode>().ok()));
        let Some(at) = home.and_then(|home| counties.iter().position(|county| county.contains(home))) else { continue };
        due[at] += 1;
        if let (Some(served), Some(truth)) = (&mut served, &found.served)
            && truth.outcome(row) == Outcome::Met
        {
            served[at] += 1;
        }
    }
    Counted { due, served }
}

fn register(desk: &Desk<'_>, rule: &Rule, counted: &Counted, counties: &[DivisionCode], least: u64) -> Register {
    let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let due = small::protect(&counted.due, least);
    let served = counted.served.as_ref().map(|served| small::protect_shares(&counted.due, served, least));
    let sum = |parts: &[u64]| parts.iter().sum::<u64>();
    let total_due = sum(&counted.due);
    let total = |n: u64| small::protect(&[n], least)[0].map(count);
    Register {
        tile: tile(desk, rule),
        label: desk.voice.of(&rule.label).to_owned(),
        served: counted.served.is_some(),
        total: Row {
            name: desk.voice.word("open-total"),
            due: total(total_due),
            served: counted
                .served
                .as_ref()
                .and_then(|served| small::protect_shares(&[total_due], &[sum(served)], least)[0].map(count)),
        },
        rows: counties
            .iter()
            .enumerate()
            .map(|(at, code)| Row {
                name: desk.place(*code),
                due: due[at].map(count),
                served: served.as_ref().and_then(|served| served[at].map(count)),
            })
            .collect(),
    }
}
