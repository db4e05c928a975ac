//! Every consultation, and the form that lays a draft open.

use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use community::{CommunityError, Content, Opening};
use policy::model::Count;
use serde::{Deserialize, Serialize};

use crate::edge::{Ask, FieldFault, Problem};
use crate::frame::Rail;
use crate::opened::Opened;
use crate::pages::policy::draft;
use crate::pages::portal::consult::{problem, told};
use crate::state::AppState;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub rows: Vec<Row>,
    pub drafts: Vec<String>,
    /// How long the pack asks for.
    pub usual: i64,
    pub given: Given,
    pub faults: Vec<FieldFault>,
}

/// A consultation.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub href: String,
    pub title: String,
    pub period: String,
    pub comments: i64,
    pub waiting: i64,
    /// `open`, `over`, `answered`.
    pub state: &'static str,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Given {
    #[serde(default)]
    pub draft: String,
    #[serde(default)]
    pub title: String,
    #[serde(default)]
    pub days: String,
    #[serde(default)]
    pub why: String,
}

/// `GET /d/consultations`
pub async fn show(State(app): State<AppState>, ask: Ask) -> Result<Response, Problem> {
    page(app, ask, Given::default(), Vec::new()).await
}

async fn page(app: AppState, ask: Ask, given: Given, faults: Vec<FieldFault>) -> Result<Response, Problem> {
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = app
        .night_page(ask, "consultations/index.html", move |ask, opened| {
            let view = view(opened, given, faults)?;
            Ok((ask.shell(Rail::Policy, opened.desk.voice.word("consultations-title")), view))
        })
        .await?;
    Ok((status, page).into_response())
}

fn view(opened: &Opened<'_>, mut given: Given, faults: Vec<FieldFault>) -> Result<View, Problem> {
    let (desk, today) = (&opened.desk, opened.app.clock().today());
    let all = opened.try_ask(|session| community::all(session).map_err(problem))?;
    let counts = opened.try_ask(|session| community::counts(session).map_err(problem))?;
    let own = all.iter().filter(|one| one.pack == desk.pack.id);
    let usual = usual(opened);
    if given.days.is_empty() {
        given.days = usual.to_string();
    }
    Ok(View {
        rows: own
            .map(|one| {
                let counts = counts.get(&one.id).copied().unwrap_or_default();
                Row {
                    href: format!("/d/consultations/{}", one.id),
                    title: one.title.clone(),
                    period: format!("{} – {}", one.opened_on, one.closes_on),
                    comments: counts.all,
                    waiting: counts.waiting,
                    state: match one.answered_on {
                        Some(_) => "answered",
                        None if one.is_open(today) => "open",
                        None => "over",
                    },
                }
            })
            .collect(),
        drafts: draft::list(opened.app.places()),
        usual,
        given,
        faults,
    })
}

/// Days a draft is open for comments, as the pack asks.
fn usual(opened: &Opened<'_>) -> i64 {
    let desk = &opened.desk;
    match desk.pack.portal.consultation.as_ref().map(|rule| &rule.days) {
        Some(Count::Number(n)) => *n,
        Some(Count::Parameter(id, _)) => {
            let value = desk.pack.parameter(id).and_then(|p| desk.parameter_value(p));
            value.and_then(|v| v.value.as_units()).unwrap_or(0)
        }
        None => 0,
    }
}

/// `POST /d/consultations`
pub async fn open(State(app): State<AppState>, ask: Ask, Form(given): Form<Given>) -> Result<Response, Problem> {
    let filled = given.clone();
    let asked = ask.clone();
    let done = app.open_night(&ask, move |opened| lay_open(opened, &asked, &filled)).await?;
    match done {
        Ok(id) => Ok(Redirect::to(&ask.href(&format!("/d/consultations/{id}"))).into_response()),
        Err(faults) => page(app, ask, given, faults).await,
    }
}

/// Freezes what the draft says today.
fn lay_open(opened: &Opened<'_>, ask: &Ask, given: &Given) -> Result<Result<i64, Vec<FieldFault>>, Problem> {
    let (desk, app, world) = (&opened.desk, opened.app, &opened.published.world);
    let fault = |field: &str, key: &str| vec![FieldFault { field: field.to_owned(), cause: desk.voice.word(key) }];
    let draft = match draft::on_disk(app.places(), &given.draft) {
        Ok(Ok(draft)) => draft,
        Ok(Err(_)) => return Ok(Err(fault("draft", "consultations-draft-faulty"))),
        Err(Problem::NotFound) => return Ok(Err(fault("draft", "consultations-draft-none"))),
        Err(other) => return Err(other),
    };
    let effect = cycle::whatif(world, &draft).map_err(Problem::internal)?;
    let sum = |side: fn(&cycle::RuleEffect) -> u64| effect.rules.iter().map(side).sum::<u64>();
    let affected = [effect.people_affected, sum(|rule| rule.gains), sum(|rule| rule.losses)];
    let content = Content { affected: Some(affected), ..Content::of(&policy::elements(&draft), &effect.diff) };
    let by = opened.viewer.actor();
    let opening = Opening {
        pack: &desk.pack.id,
        title: &given.title,
        content: &content,
        days: given.days.trim().parse().unwrap_or(0),
        usual_days: usual(opened),
        why: &given.why,
        by: &by,
        on: app.clock().today(),
        at: app.clock().now(),
    };
    opened.try_ask(|session| match community::open(session, opened.keys(), &opening) {
        Ok(id) => Ok(Ok(id)),
        Err(CommunityError::Texts(faults)) => Ok(Err(told(app, ask.lang, &faults))),
        Err(other) => Err(problem(other)),
    })
}
