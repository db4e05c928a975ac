//! Deciding about a comment, making a theme, publishing the reply.

use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use community::{CommunityError, Decision, NewTheme, Verdict};
use kernel::Lang;
use serde::Deserialize;

use crate::edge::{Ask, Problem};
use crate::pages::portal::consult::{problem, told};
use crate::state::AppState;

#[derive(Deserialize)]
pub struct Decided {
    /// `show` or `withhold`.
    #[serde(default)]
    verdict: String,
    #[serde(default)]
    why: String,
    #[serde(default)]
    theme: String,
}

#[derive(Deserialize)]
pub struct Themed {
    #[serde(default)]
    title: String,
    #[serde(default)]
    verdict: String,
    #[serde(default)]
    reply: String,
}

/// `POST /d/consultations/{consultation}/comments/{comment}`
pub async fn comment(
    State(app): State<AppState>,
    ask: Ask,
    Path((id, comment)): Path<(i64, i64)>,
    Form(given): Form<Decided>,
) -> Result<Response, Problem> {
    let (by, lang) = (ask.viewer.actor(), ask.lang);
    app.work(move |app| {
        let decision = match given.verdict.as_str() {
            "show" => Decision::Show { theme: given.theme.parse().ok() },
            "withhold" => Decision::Withhold { why: &given.why },
            _ => return Err(Problem::Unreadable),
        };
        let done =
            community::decide(&mut app.session()?, app.keys(), (id, comment), decision, (app.clock().now(), &by));
        done.map_err(|fault| said(app, lang, fault))
    })
    .await?;
    Ok(Redirect::to(&ask.href(&format!("/d/consultations/{id}#c{comment}"))).into_response())
}

/// `POST /d/consultations/{consultation}/themes`
pub async fn theme(
    State(app): State<AppState>,
    ask: Ask,
    Path(id): Path<i64>,
    Form(given): Form<Themed>,
) -> Result<Response, Problem> {
    let (by, lang) = (ask.viewer.actor(), ask.lang);
    app.work(move |app| {
        let verdict = Verdict::read(&given.verdict).ok_or(Problem::Unreadable)?;
        let new = NewTheme { title: &given.title, verdict, reply: &given.reply };
        let done = community::add_theme(&mut app.session()?, app.keys(), id, &new, (app.clock().now(), &by));
        done.map_err(|fault| said(app, lang, fault))
    })
    .await?;
    Ok(Redirect::to(&ask.href(&format!("/d/consultations/{id}#themes"))).into_response())
}

/// `POST /d/consultations/{consultation}/answer`
pub async fn answer(State(app): State<AppState>, ask: Ask, Path(id): Path<i64>) -> Result<Response, Problem> {
    let (by, lang) = (ask.viewer.actor(), ask.lang);
    app.work(move |app| {
        let when = (app.clock().now(), app.clock().today(), by.as_str());
        community::answer(&mut app.session()?, app.keys(), id, when).map_err(|fault| said(app, lang, fault))
    })
    .await?;
    Ok(Redirect::to(&ask.href(&format!("/d/consultations/{id}"))).into_response())
}

fn said(app: &AppState, lang: Lang, fault: CommunityError) -> Problem {
    match fault {
        CommunityError::Texts(faults) => Problem::Invalid(told(app, lang, &faults)),
        other => problem(other),
    }
}
