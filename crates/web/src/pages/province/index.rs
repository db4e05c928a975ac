//! Every county of a province or prefecture: what it returned, what is missing or behind, and its figures side by side.

use std::collections::BTreeMap;

use axum::extract::{Query, State};
use axum::response::Response;
use kernel::{DivisionCode, DivisionLevel};
use policy::Pack;
use returns::{Agreement, CountyLine, Standing};
use serde::{Deserialize, Serialize};
use store::Session;

use crate::edge::{Ask, Problem};
use crate::frame::{Rail, Voice, figures};
use crate::parts::Mood;
use crate::state::AppState;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub headline: String,
    pub sub: String,
    pub counties: Vec<County>,
    /// Counties that returned anything, in the order of the figures' cells.
    pub heads: Vec<String>,
    pub rules: Vec<Figures>,
    pub indicators: Vec<Figures>,
    pub small: i64,
}

/// One county.
#[derive(Clone, Debug, Serialize)]
pub struct County {
    pub name: String,
    pub code: String,
    pub state: Mood,
    pub day: String,
    pub revision: Option<i64>,
    pub people: i64,
    pub places: i64,
    pub pack: String,
    pub trusted: bool,
}

/// One rule or indicator across the counties.
#[derive(Clone, Debug, Serialize)]
pub struct Figures {
    pub label: String,
    pub unit: String,
    pub cells: Vec<String>,
    /// Of what was told; empty where a sum says nothing.
    pub sum: String,
}

#[derive(Debug, Default, Deserialize)]
pub struct Params {
    #[serde(default)]
    pub region: String,
}

/// `GET /d/province`
pub async fn show(State(app): State<AppState>, ask: Ask, Query(params): Query<Params>) -> Result<Response, Problem> {
    app.work(move |app| {
        let voice = app.renderer().voice(ask.lang);
        let view = view(app, &voice, &params.region)?;
        let shell = app.framed(&ask, ask.shell(Rail::Indicators, voice.word("province-name")));
        app.page(&ask, "province/index.html", &shell, &view)
    })
    .await
}

fn view(app: &AppState, voice: &Voice<'_>, asked: &str) -> Result<View, Problem> {
    let packs = app.packs();
    let national = cycle::load_pack(packs, "national").map_err(Problem::internal)?;
    let agreement = Agreement::load(packs, &national.dictionary).map_err(Problem::internal)?;
    let region = match asked {
        "" => own_province(app)?,
        code => code.parse().map_err(|_| Problem::NotFound)?,
    };
    let divisions = &national.divisions;
    let mut session = app.session()?;
    let today = app.clock().today();
    let lines = returns::status(&mut session, divisions, &agreement, (region, today)).map_err(Problem::internal)?;
    let of = |standing| lines.iter().filter(|l| l.standing == standing).count();
    let n = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let args = [
        ("place", divisions.name(region).into()),
        ("n", n(lines.len()).into()),
        ("fresh", n(of(Standing::Fresh)).into()),
        ("stale", n(of(Standing::Stale)).into()),
        ("missing", n(of(Standing::Missing)).into()),
    ];
    let loaded: Vec<&CountyLine> = lines.iter().filter(|line| line.load.is_some()).collect();
    let packs: BTreeMap<&str, Pack> = loaded
        .iter()
        .filter_map(|line| line.pack.as_deref())
        // A county may run a plan that this installation does not have: its figures stand under their ids.
        .filter_map(|id| Some((id, cycle::load_pack(packs, id).ok()?)))
        .collect();
    Ok(View {
        headline: voice.say("province-title", &args),
        sub: voice.say("province-sub", &[("days", agreement.stale_after_days.into())]),
        counties: lines.iter().map(|line| county(voice, &divisions.name(line.county), line)).collect(),
        heads: loaded.iter().map(|line| divisions.name(line.county)).collect(),
        rules: rules(&mut session, voice, &packs, &loaded)?,
        indicators: indicators(&mut session, voice, &packs, &loaded)?,
        small: agreement.small_cell,
    })
}

/// The province of the plan in force.
fn own_province(app: &AppState) -> Result<DivisionCode, Problem> {
    let pack = cycle::load_pack(app.packs(), &app.places().pack).map_err(Problem::internal)?;
    let root = pack.roots.first().copied().ok_or(Problem::NotFound)?;
    root.at(DivisionLevel::Province).ok_or(Problem::NotFound)
}

fn county(voice: &Voice<'_>, name: &str, line: &CountyLine) -> County {
    let days = [("days", line.days_behind.unwrap_or(0).into())];
    let (kind, key) = match line.standing {
        Standing::Fresh => ("ok", "province-fresh"),
        Standing::Stale => ("warn", "province-stale"),
        Standing::Missing => ("danger", "province-missing"),
    };
    County {
        name: name.to_owned(),
        code: line.county.to_string(),
        state: Mood { kind, text: voice.say(key, &days) },
        day: line.as_of.map(|day| day.to_string()).unwrap_or_default(),
        revision: line.revision,
        people: line.people,
        places: line.places,
        pack: match (&line.pack, &line.pack_version) {
            (Some(pack), Some(version)) => format!("{pack} {version}"),
            _ => String::new(),
        },
        trusted: line.trusted,
    }
}

/// Figures by id, and by the county's place among those that returned.
type ById<T> = BTreeMap<String, Vec<Option<T>>>;

fn rules(
    session: &mut Session,
    voice: &Voice<'_>,
    packs: &BTreeMap<&str, Pack>,
    loaded: &[&CountyLine],
) -> Result<Vec<Figures>, Problem> {
    let mut found: ById<Option<i64>> = BTreeMap::new();
    for (at, line) in loaded.iter().enumerate() {
        for rule in returns::rules(session, line.load.unwrap_or(0)).map_err(Problem::internal)? {
            if rule.division == line.county {
                found.entry(rule.rule).or_insert_with(|| vec![None; loaded.len()])[at] = Some(rule.met);
            }
        }
    }
    let label = |id: &str| packs.values().find_map(|p| p.rule(id)).map_or(id, |rule| voice.of(&rule.label)).to_owned();
    let order = |id: &str| packs.values().find_map(|p| p.rules.iter().position(|r| r.id == id)).unwrap_or(usize::MAX);
    let mut ids: Vec<&String> = found.keys().collect();
    ids.sort_by_key(|id| order(id));
    let figures = |id: &String| {
        let cells = &found[id];
        let told: Vec<i64> = cells.iter().filter_map(|cell| cell.flatten()).collect();
        Figures {
            label: label(id),
            unit: String::new(),
            cells: cells.iter().map(|cell| shown(voice, cell.map(|met| met.map(count)))).collect(),
            sum: if told.is_empty() { String::new() } else { count(told.iter().sum()) },
        }
    };
    Ok(ids.into_iter().map(figures).collect())
}

fn indicators(
    session: &mut Session,
    voice: &Voice<'_>,
    packs: &BTreeMap<&str, Pack>,
    loaded: &[&CountyLine],
) -> Result<Vec<Figures>, Problem> {
    let mut found: ById<Option<f64>> = BTreeMap::new();
    for (at, line) in loaded.iter().enumerate() {
        for told in returns::indicators(session, line.load.unwrap_or(0)).map_err(Problem::internal)? {
            if told.division == line.county {
                let hidden = told.value.is_none() && told.state == "small";
                let cell = if hidden { Some(None) } else { told.value.map(Some) };
                found.entry(told.indicator).or_insert_with(|| vec![None; loaded.len()])[at] = cell;
            }
        }
    }
    let figures = |(id, cells): (String, Vec<Option<Option<f64>>>)| {
        let indicator = packs.values().find_map(|pack| pack.indicators.iter().find(|i| i.id == id));
        let percent = indicator.is_some_and(|i| i.unit == "percent");
        let text = |x: f64| figures::measure(if percent { x * 100.0 } else { x });
        Figures {
            label: indicator.map_or(id.clone(), |i| voice.of(&i.label).to_owned()),
            unit: if percent { "%".to_owned() } else { String::new() },
            cells: cells.into_iter().map(|cell| shown(voice, cell.map(|x| x.map(text)))).collect(),
            sum: String::new(),
        }
    };
    Ok(found.into_iter().map(figures).collect())
}

/// A dash where a county told nothing, a word where it may not tell.
fn shown(voice: &Voice<'_>, cell: Option<Option<String>>) -> String {
    match cell {
        None => "—".to_owned(),
        Some(None) => voice.word("province-small"),
        Some(Some(text)) => text,
    }
}

#[expect(clippy::cast_precision_loss, reason = "a count of people")]
fn count(n: i64) -> String {
    figures::grouped(n as f64)
}
