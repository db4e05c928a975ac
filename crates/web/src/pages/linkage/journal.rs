//! The journal of merges: who became one, by whose word; confirming a proposed one, splitting one.

use axum::Form;
use axum::extract::{Path, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::PersonId;
use registry::linking::merge::{self, Merge};
use serde::Serialize;

use super::decide::{Word, by};
use super::index::tabs;
use super::queue::{self, Chosen};
use super::refusal;
use crate::desk::Desk;
use crate::edge::{Ask, FieldFault, Problem};
use crate::frame::Rail;
use crate::opened::Opened;
use crate::parts::{Chip, Mood, PersonRef};
use crate::state::AppState;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub headline: String,
    pub tabs: Vec<Chip>,
    pub merges: Vec<MergeLine>,
    pub by: String,
    pub refused: Option<Refused>,
}

/// What was typed and why it was refused.
#[derive(Clone, Debug, Serialize)]
pub struct Refused {
    pub merge: i64,
    pub reason: String,
    pub fault: FieldFault,
}

/// One line of the journal.
#[derive(Clone, Debug, Serialize)]
pub struct MergeLine {
    pub id: i64,
    pub kept: PersonRef,
    pub kept_number: String,
    pub gone: String,
    pub gone_number: String,
    pub state: Mood,
    pub proposed: String,
    pub reason: String,
    pub confirmed: Option<String>,
    pub split: Option<String>,
    pub pair: Option<String>,
    pub proposal: bool,
    pub standing: bool,
    pub two_people: bool,
    pub action: String,
}

/// `GET /d/linkage/merges`
pub async fn show(State(app): State<AppState>, ask: Ask, headers: HeaderMap) -> Result<Response, Problem> {
    let by = queue::reviewer(&headers);
    page(app, ask, by, None).await
}

async fn page(app: AppState, ask: Ask, by: String, refused: Option<Refused>) -> Result<Response, Problem> {
    app.night_page(ask, "linkage/journal.html", move |ask, opened| {
        let voice = opened.desk.voice;
        let merges = merges(opened)?;
        let standing = merges.iter().filter(|merge| merge.is_standing()).count();
        let proposed = merges.iter().filter(|merge| merge.is_proposed()).count();
        let n = |n: usize| i64::try_from(n).unwrap_or(0);
        let open = queue::open(opened, &Chosen::default())?.len();
        let args = [("n", n(standing).into()), ("proposed", n(proposed).into())];
        let mut lines: Vec<&Merge> = merges.iter().rev().collect();
        lines.sort_by_key(|merge| !merge.is_proposed());
        let view = View {
            headline: voice.say("linkage-journal-title", &args),
            tabs: tabs(opened, open, true)?,
            merges: lines.into_iter().map(|merge| merge_line(opened, merge)).collect(),
            by,
            refused,
        };
        let shell =
            ask.shell(Rail::Linkage, voice.word("linkage-journal")).via(voice.word("rail-linkage"), "/d/linkage");
        Ok((shell, view))
    })
    .await
}

/// The merges that the page's permission reaches: both live within it, as far as they live anywhere.
///
/// # Errors
/// Those of the database.
pub fn merges(opened: &Opened<'_>) -> Result<Vec<Merge>, Problem> {
    let mut merges = opened.ask(merge::all)?;
    merges.retain(|merge| outside(opened, merge).is_none());
    Ok(merges)
}

/// Who of a merge is out of reach; whoever is read as the one kept has no home of their own.
fn outside(opened: &Opened<'_>, merge: &Merge) -> Option<PersonId> {
    let desk = &opened.desk;
    let out = |person: PersonId| !desk.reaches(person);
    let gone = Some(merge.gone).filter(|gone| desk.home(*gone).is_some() && out(*gone));
    gone.or_else(|| Some(merge.kept).filter(|kept| out(*kept)))
}

/// The grounds of a merge; the engine merges for one reason only.
#[must_use]
pub fn reason(desk: &Desk<'_>, merge: &Merge) -> String {
    if super::is_engine(&merge.proposed_by) { desk.voice.word("linkage-number-came") } else { merge.reason.clone() }
}

/// A merge in words.
#[must_use]
pub fn merge_line(opened: &Opened<'_>, merge: &Merge) -> MergeLine {
    let desk = opened.desk;
    let said = |key: &str, who: &str, on: Option<kernel::Date>| {
        let day = on.map(|on| desk.day(on)).unwrap_or_default();
        desk.voice.say(key, &[("who", who.into()), ("day", day.into())])
    };
    let (kind, key) = match (merge.merged_on, merge.split_on) {
        (Some(_), None) => ("ok", "linkage-merge-standing"),
        (None, None) => ("warn", "linkage-merge-proposed"),
        (Some(_), Some(_)) => ("mute", "linkage-merge-split"),
        (None, Some(_)) => ("no", "linkage-merge-refused"),
    };
    MergeLine {
        id: merge.id,
        kept: desk.person(merge.kept),
        kept_number: merge.kept.to_string(),
        gone: desk.masked_name(merge.gone),
        gone_number: merge.gone.to_string(),
        state: Mood::new(kind, desk.voice.word(key)),
        proposed: said("linkage-by-on", &super::who(&desk, &merge.proposed_by), Some(merge.proposed_on)),
        reason: reason(&desk, merge),
        confirmed: merge.confirmed_by.as_ref().map(|who| said("linkage-confirmed-by", who, merge.merged_on)),
        split: merge.split_by.as_ref().map(|who| {
            let why = merge.split_reason.as_deref().unwrap_or_default();
            format!("{} {why}", said("linkage-split-by", who, merge.split_on))
        }),
        pair: merge.pair.map(super::href),
        proposal: merge.is_proposed(),
        standing: merge.is_standing(),
        two_people: merge.two_people,
        action: format!("/d/linkage/merges/{}", merge.id),
    }
}

/// `POST /d/linkage/merges/{merge}`: `verdict` is `confirm` or `split`.
pub async fn act(
    State(app): State<AppState>,
    ask: Ask,
    Path(id): Path<i64>,
    Form(word): Form<Word>,
) -> Result<Response, Problem> {
    let typed = Word { by: queue::decider(&ask, &word.by), ..word.clone() };
    let refused = app.open_night(&ask, move |opened| settle(opened, id, &typed)).await?;
    let Some(fault) = refused else {
        let cookie = HeaderValue::from_str(&queue::reviewer_cookie(word.by.trim())).map_err(Problem::internal)?;
        let target = ask.href(&format!("/d/linkage/merges#m{id}"));
        return Ok(([(SET_COOKIE, cookie)], Redirect::to(&target)).into_response());
    };
    let refused = Refused { merge: id, reason: word.reason, fault };
    let mut response = page(app, ask, word.by, Some(refused)).await?;
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(response)
}

/// Confirms or splits a merge; what speaks against it comes back.
///
/// # Errors
/// Those of the database and of the keys.
pub fn settle(opened: &Opened<'_>, id: i64, word: &Word) -> Result<Option<FieldFault>, Problem> {
    let merge = opened.ask(merge::all)?.into_iter().find(|merge| merge.id == id).ok_or(Problem::NotFound)?;
    if let Some(person) = outside(opened, &merge) {
        opened.demand("link.merge", person)?;
    }
    let mut session = opened.app.session()?;
    let by = by(opened, word);
    let done = session.transaction(|tx| match word.verdict.as_str() {
        "confirm" => merge::confirm(tx, opened.keys(), id, by),
        _ => merge::split(tx, opened.keys(), id, by),
    });
    match done {
        Ok(_) => Ok(None),
        Err(fault) => refusal(&opened.desk, fault).map(Some),
    }
}
