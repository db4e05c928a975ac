//! A decision on a pair, and taking one back. Each leads to the next pair or says why it is refused.

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::HeaderValue;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Redirect, Response};
use registry::ingest::Ingester;
use registry::linking::{self, By, Other, State as Verdict};
use serde::Deserialize;

use super::queue::{self, Chosen};
use super::{refusal, show};
use crate::edge::{Ask, FieldFault, Problem};
use crate::opened::Opened;
use crate::state::AppState;

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Word {
    #[serde(default)]
    pub verdict: String,
    #[serde(default)]
    pub by: String,
    #[serde(default)]
    pub reason: String,
}

/// What a decision came to.
pub enum Done {
    /// The next pair, if there is one.
    Next(Option<i64>),
    Refused(FieldFault),
}

/// `POST /d/linkage/{pair}`
pub async fn save(
    State(app): State<AppState>,
    ask: Ask,
    Path(pair): Path<i64>,
    Query(chosen): Query<Chosen>,
    Form(word): Form<Word>,
) -> Result<Response, Problem> {
    let verdict = match word.verdict.as_str() {
        "same" => Some(Verdict::Same),
        "different" => Some(Verdict::Different),
        "unsure" => Some(Verdict::Unsure),
        _ => None,
    };
    answer(app, ask, pair, chosen, word, move |opened, chosen, word| decide(opened, pair, chosen, verdict, word)).await
}

/// `POST /d/linkage/{pair}/undo`
pub async fn undo(
    State(app): State<AppState>,
    ask: Ask,
    Path(pair): Path<i64>,
    Query(chosen): Query<Chosen>,
    Form(word): Form<Word>,
) -> Result<Response, Problem> {
    answer(app, ask, pair, chosen, word, move |opened, _, word| take_back(opened, pair, word)).await
}

/// Takes a decision back.
///
/// # Errors
/// Those of the database and of the keys.
pub fn take_back(opened: &Opened<'_>, pair: i64, word: &Word) -> Result<Done, Problem> {
    let known = opened.ask(|session| linking::pair(session, pair))?.ok_or(Problem::NotFound)?;
    queue::demand(opened, "link.review", &known)?;
    match with_ingester(opened, |ingester| ingester.take_back(pair, by(opened, word))) {
        Ok(_) => Ok(Done::Next(Some(pair))),
        Err(fault) => Ok(Done::Refused(refusal(&opened.desk, fault)?)),
    }
}

async fn answer(
    app: AppState,
    ask: Ask,
    pair: i64,
    chosen: Chosen,
    word: Word,
    act: impl FnOnce(&Opened<'_>, &Chosen, &Word) -> Result<Done, Problem> + Send + 'static,
) -> Result<Response, Problem> {
    let (given, typed) = (chosen.clone(), Word { by: queue::decider(&ask, &word.by), ..word.clone() });
    let done = app.open_night(&ask, move |opened| act(opened, &given, &typed)).await?;
    match done {
        Done::Next(next) => {
            let path = next.map_or_else(|| "/d/linkage".to_owned(), super::href);
            let target = chosen.keep(&path, &[("done", &pair.to_string())]);
            let cookie = HeaderValue::from_str(&queue::reviewer_cookie(word.by.trim())).map_err(Problem::internal)?;
            Ok(([(SET_COOKIE, cookie)], Redirect::to(&ask.href(&target))).into_response())
        }
        Done::Refused(fault) => {
            let form = show::Form {
                verdict: word.verdict,
                by: word.by,
                reason: word.reason,
                faults: vec![fault],
                ..show::Form::default()
            };
            let mut response = show::page(app, ask, pair, chosen, form).await?;
            *response.status_mut() = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
            Ok(response)
        }
    }
}

/// Decides a pair, and finds the next one of the choice.
///
/// # Errors
/// `NotFound`; those of the database and of the keys.
pub fn decide(
    opened: &Opened<'_>,
    pair: i64,
    chosen: &Chosen,
    verdict: Option<Verdict>,
    word: &Word,
) -> Result<Done, Problem> {
    let known = opened.ask(|session| linking::pair(session, pair))?.ok_or(Problem::NotFound)?;
    queue::demand(opened, "link.review", &known)?;
    let Some(verdict) = verdict else {
        let cause = opened.desk.voice.word("linkage-fault-no-verdict");
        return Ok(Done::Refused(FieldFault { field: "verdict".to_owned(), cause }));
    };
    let world = &opened.published.world;
    let money = match known.other {
        Other::Person(other) => world.money_hangs_on(known.person) || world.money_hangs_on(other),
        Other::Row(_) => false,
    };
    let before = queue::open(opened, chosen)?;
    let rules = cycle::linking(opened.app.packs(), &world.catalogue).map_err(Problem::internal)?;
    let outcome = with_ingester(opened, |ingester| ingester.decide(&rules, pair, (verdict, money), by(opened, word)));
    match outcome {
        Ok(_) => Ok(Done::Next(queue::after(&before, pair, &queue::open(opened, chosen)?))),
        Err(fault) => Ok(Done::Refused(refusal(&opened.desk, fault)?)),
    }
}

/// The decider, now.
#[must_use]
pub fn by<'w>(opened: &Opened<'_>, word: &'w Word) -> By<'w> {
    let clock = opened.app.clock();
    By { who: &word.by, at: clock.now(), on: clock.today(), reason: &word.reason }
}

fn with_ingester<T>(opened: &Opened<'_>, act: impl FnOnce(&mut Ingester<'_>) -> T) -> T {
    let world = &opened.published.world;
    let (database, keys) = (opened.app.database(), opened.keys());
    act(&mut Ingester::new(database, keys, &world.catalogue, &world.divisions, &world.pack.roots))
}
