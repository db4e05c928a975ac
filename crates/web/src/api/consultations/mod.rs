//! Drafts laid open for comments, as everyone may read them.

use axum::Json;
use axum::extract::{Path, State};
use community::{CommentState, Consultation, Verdict};
use schemars::JsonSchema;
use serde::Serialize;

use super::doc::Doc;
use super::shapes::Day;
use crate::edge::{Ask, Problem};
use crate::pages::portal::consult;
use crate::public::Public;
use crate::state::AppState;

/// A draft in the list.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Consultation")]
pub struct Line {
    id: i64,
    title: String,
    #[schemars(with = "Day")]
    opened_on: String,
    /// The last day on which comments are taken.
    #[schemars(with = "Day")]
    closes_on: String,
    open: bool,
    /// Days a draft is usually laid open.
    usual_days: i64,
    /// Why it is shorter; null when it is not.
    shortened_why: Option<String>,
    #[schemars(with = "Option<Day>")]
    answered_on: Option<String>,
}

/// One draft with what people said and what was answered.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ConsultationWhole")]
pub struct Whole {
    #[serde(flatten)]
    line: Line,
    /// Comments that somebody has decided about; a withheld one has no text.
    comments: Vec<Said>,
    /// Comments that wait to be looked at.
    waiting: usize,
    /// The published reply, by theme; empty until it is published.
    themes: Vec<Theme>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ConsultationComment")]
struct Said {
    id: i64,
    /// The element of the draft it speaks of; null: the whole.
    about: Option<String>,
    text: Option<String>,
    /// Why it is withheld.
    withheld_why: Option<String>,
    #[schemars(with = "Day")]
    on: String,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ConsultationTheme")]
struct Theme {
    title: String,
    /// `adopted`, `partly`, `declined`.
    verdict: &'static str,
    reply: String,
    comments: usize,
}

/// `GET /api/v1/consultations`
pub async fn list(State(app): State<AppState>, ask: Ask) -> Result<Json<Vec<Line>>, Problem> {
    let all = app.open_public(&ask, |public| {
        let all = consult::every(public)?;
        Ok(all.iter().map(|one| line(public, one)).collect())
    });
    all.await.map(Json)
}

/// `GET /api/v1/consultations/{consultation}`
pub async fn show(State(app): State<AppState>, ask: Ask, Path(id): Path<String>) -> Result<Json<Whole>, Problem> {
    let id: i64 = id.parse().map_err(|_| Problem::NotFound)?;
    app.open_public(&ask, move |public| whole(public, id)).await.map(Json)
}

fn whole(public: &Public<'_>, id: i64) -> Result<Whole, Problem> {
    let all = consult::every(public)?;
    let one = all.iter().find(|one| one.id == id).ok_or(Problem::NotFound)?;
    let mut session = public.session()?;
    let comments = community::comments(&mut session, public.app.keys(), id).map_err(Problem::internal)?;
    let themes = match one.answered_on {
        Some(_) => community::themes(&mut session, id).map_err(Problem::internal)?,
        None => Vec::new(),
    };
    let decided = comments.iter().filter(|comment| comment.state != CommentState::Waiting);
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    Ok(Whole {
        line: line(public, one),
        waiting: comments.iter().filter(|comment| comment.state == CommentState::Waiting).count(),
        comments: decided
            .map(|comment| Said {
                id: comment.id,
                about: some(&comment.about),
                text: Some(comment.text.clone()).filter(|_| comment.state == CommentState::Shown),
                withheld_why: some(&comment.withheld_why),
                on: kernel::in_china(comment.received_at).date().to_string(),
            })
            .collect(),
        themes: themes
            .into_iter()
            .map(|theme| Theme {
                comments: comments.iter().filter(|comment| comment.theme == Some(theme.id)).count(),
                verdict: Verdict::name(theme.verdict),
                title: theme.title,
                reply: theme.reply,
            })
            .collect(),
    })
}

fn line(public: &Public<'_>, one: &Consultation) -> Line {
    Line {
        id: one.id,
        title: one.title.clone(),
        opened_on: one.opened_on.to_string(),
        closes_on: one.closes_on.to_string(),
        open: one.is_open(public.app.clock().today()),
        usual_days: one.usual_days,
        shortened_why: Some(one.shortened_why.clone()).filter(|why| !why.is_empty()),
        answered_on: one.answered_on.map(|day| day.to_string()),
    }
}

pub fn list_doc() -> Doc {
    Doc::of::<Vec<Line>>("consultations-list")
}

pub fn show_doc() -> Doc {
    Doc::of::<Whole>("consultations-show")
}
