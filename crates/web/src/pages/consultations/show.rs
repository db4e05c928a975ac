//! One consultation: comments that wait, those decided, the themes, and when the reply may be published.

use axum::extract::{Path, State};
use axum::response::Response;
use community::{Comment, CommentState, Verdict};
use serde::Serialize;

use crate::edge::{Ask, Problem};
use crate::frame::Rail;
use crate::opened::Opened;
use crate::pages::portal::consult::{about, problem, verdict};
use crate::parts::Mood;
use crate::state::AppState;
use kernel::china_minute;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub title: String,
    pub period: String,
    pub shortened: String,
    pub public_href: String,
    pub comments: Vec<Line>,
    pub themes: Vec<Theme>,
    /// Word and words.
    pub verdicts: Vec<(&'static str, String)>,
    pub theme_action: String,
    pub answer_action: String,
    /// What still stands in the way of publishing the reply.
    pub waits: Option<String>,
    pub answered: Option<String>,
}

/// A comment, whole.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    pub id: i64,
    pub about: String,
    pub text: String,
    pub name: String,
    pub contact: String,
    pub when: String,
    /// `waiting`, `shown`, `withheld`.
    pub state: &'static str,
    pub why: String,
    pub theme: Option<i64>,
    pub action: String,
}

/// A theme with its answer.
#[derive(Clone, Debug, Serialize)]
pub struct Theme {
    pub id: i64,
    pub title: String,
    pub verdict: Mood,
    pub reply: String,
    pub n: i64,
}

/// `GET /d/consultations/{consultation}`
pub async fn show(State(app): State<AppState>, ask: Ask, Path(id): Path<i64>) -> Result<Response, Problem> {
    app.night_page(ask, "consultations/show.html", move |ask, opened| {
        let view = view(opened, id)?;
        let shell = ask.shell(Rail::Policy, view.title.clone());
        Ok((shell.via(opened.desk.voice.word("consultations-title"), "/d/consultations"), view))
    })
    .await
}

fn view(opened: &Opened<'_>, id: i64) -> Result<View, Problem> {
    let (voice, today) = (opened.desk.voice, opened.app.clock().today());
    let one = opened.try_ask(|session| community::get(session, id).map_err(problem))?;
    let comments = opened.try_ask(|session| community::comments(session, opened.keys(), id).map_err(problem))?;
    let themes = opened.try_ask(|session| community::themes(session, id).map_err(problem))?;
    let count = |n: usize| i64::try_from(n).unwrap_or(0);
    let waiting = comments.iter().filter(|c| c.state == CommentState::Waiting).count();
    let unthemed = comments.iter().filter(|c| c.state == CommentState::Shown && c.theme.is_none()).count();
    let waits = if today <= one.closes_on {
        Some(voice.say("consultations-still-open", &[("day", one.closes_on.to_string().into())]))
    } else if waiting + unthemed > 0 {
        let args = [("waiting", count(waiting).into()), ("unthemed", count(unthemed).into())];
        Some(voice.say("consultations-undecided", &args))
    } else {
        None
    };
    let line = |comment: &Comment| Line {
        id: comment.id,
        about: about(voice, &one, comment),
        text: comment.text.clone(),
        name: comment.name.clone(),
        contact: comment.contact.clone(),
        when: china_minute(comment.received_at),
        state: comment.state.name(),
        why: comment.withheld_why.clone(),
        theme: comment.theme,
        action: format!("/d/consultations/{id}/comments/{}", comment.id),
    };
    Ok(View {
        title: one.title.clone(),
        period: format!("{} – {}", one.opened_on, one.closes_on),
        shortened: one.shortened_why.clone(),
        public_href: format!("/consult/{id}"),
        comments: comments.iter().map(line).collect(),
        themes: themes
            .iter()
            .map(|theme| Theme {
                id: theme.id,
                title: theme.title.clone(),
                verdict: verdict(voice, theme.verdict),
                reply: theme.reply.clone(),
                n: count(comments.iter().filter(|c| c.theme == Some(theme.id)).count()),
            })
            .collect(),
        verdicts: Verdict::ALL.map(|v| (v.name(), verdict(voice, v).text)).to_vec(),
        theme_action: format!("/d/consultations/{id}/themes"),
        answer_action: format!("/d/consultations/{id}/answer"),
        waits,
        answered: one.answered_on.map(|on| on.to_string()),
    })
}
