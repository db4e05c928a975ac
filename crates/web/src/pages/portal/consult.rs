//! Drafts open for comments: what they say, what changes, how long, what people said and what was answered.

use std::collections::BTreeMap;

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use community::{Comment, CommentState, CommunityError, Consultation, NewComment, TextFault, Verdict};
use kernel::{Bilingual, Lang};
use serde::{Deserialize, Serialize};

use super::services::Changed;
use crate::edge::{Ask, FieldFault, Problem};
use crate::frame::{Section, Voice, figures};
use crate::parts::Mood;
use crate::public::{Copies, Made, Page, Public};
use crate::state::AppState;
use kernel::china_minute;

/// Every draft.
#[derive(Clone, Debug, Serialize)]
pub struct Index {
    pub open: Vec<Line>,
    pub past: Vec<Line>,
}

/// A draft in a list.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    pub href: String,
    pub title: String,
    pub left: String,
}

/// One draft.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub title: String,
    pub lead: String,
    pub bar: Option<Bar>,
    pub shortened: Option<String>,
    pub affected: Option<String>,
    pub before: String,
    pub changes: Vec<Changed>,
    pub text: Vec<Entry>,
    pub comments: Vec<Said>,
    pub waiting: i64,
    pub themes: Vec<Theme>,
    pub form: Option<CommentForm>,
    pub sent: bool,
}

/// How far the time for comments has run.
#[derive(Clone, Debug, Serialize)]
pub struct Bar {
    pub day: i64,
    pub days: i64,
    pub from: String,
    pub until: String,
}

/// An element of the draft.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    pub key: String,
    pub kind: String,
    pub label: String,
    pub lines: Vec<String>,
    pub changed: bool,
    /// Comments about it.
    pub n: i64,
    /// Where to say something about it.
    pub say: Option<String>,
}

/// A comment as everyone sees it.
#[derive(Clone, Debug, Serialize)]
pub struct Said {
    pub id: i64,
    pub name: String,
    pub about: String,
    /// None: withheld.
    pub text: Option<String>,
    pub why: String,
    pub day: String,
}

/// An answered theme.
#[derive(Clone, Debug, Serialize)]
pub struct Theme {
    pub title: String,
    pub verdict: Mood,
    pub reply: String,
    pub n: i64,
}

/// The form of a comment, with what was filled in.
#[derive(Clone, Debug, Serialize)]
pub struct CommentForm {
    pub action: String,
    /// Value and words.
    pub abouts: Vec<(String, String)>,
    pub given: Given,
    pub faults: Vec<FieldFault>,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Given {
    #[serde(default)]
    pub about: String,
    #[serde(default)]
    pub text: String,
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub contact: String,
}

#[derive(Debug, Default, Deserialize)]
pub struct Params {
    #[serde(default)]
    about: String,
    #[serde(default)]
    sent: String,
}

/// Everything that was ever laid open; read again now and then.
///
/// # Errors
/// Those of the database.
pub fn every(public: &Public<'_>) -> Result<std::sync::Arc<Vec<Consultation>>, Problem> {
    public.published.consultations(|| {
        let all = community::all(&mut public.session()?).map_err(Problem::internal)?;
        Ok(all.into_iter().filter(|one| one.pack == public.desk.pack.id).collect())
    })
}

/// Drafts on which one may comment today.
///
/// # Errors
/// Those of the database.
pub fn open_now(public: &Public<'_>) -> Result<Vec<Line>, Problem> {
    let today = public.app.clock().today();
    let all = every(public)?;
    Ok(all.iter().filter(|one| one.is_open(today)).map(|one| line(public, one)).collect())
}

fn line(public: &Public<'_>, one: &Consultation) -> Line {
    Line { href: format!("/consult/{}", one.id), title: one.title.clone(), left: left(public, one) }
}

/// How long it is still open, or since when it is not.
fn left(public: &Public<'_>, one: &Consultation) -> String {
    let (voice, today) = (public.desk.voice, public.app.clock().today());
    let day = figures::spoken_date(one.closes_on, voice.lang);
    if one.is_open(today) {
        let days = (one.closes_on - today).num_days() + 1;
        return voice.say("consult-left", &[("n", days.into()), ("day", day.into())]);
    }
    match one.answered_on {
        Some(on) => voice.say("consult-answered", &[("day", on.to_string().into())]),
        None => voice.say("consult-closed", &[("day", one.closes_on.to_string().into())]),
    }
}

/// `GET /consult`
pub async fn index(State(app): State<AppState>, ask: Ask) -> Result<Response, Problem> {
    app.public_page(ask, Page::new(Section::Consult, "portal/consult.html"), |_, public| {
        let today = public.app.clock().today();
        let all = every(public)?;
        let (open, past): (Vec<_>, Vec<_>) = all.iter().partition(|one| one.is_open(today));
        let lines = |side: Vec<&Consultation>| side.into_iter().map(|one| line(public, one)).collect();
        let view = Index { open: lines(open), past: lines(past) };
        Ok(Made::new(public.desk.voice.word("consult-title"), view))
    })
    .await
}

/// `GET /consult/{consultation}`
pub async fn show(
    State(app): State<AppState>,
    ask: Ask,
    Path(id): Path<i64>,
    Query(params): Query<Params>,
) -> Result<Response, Problem> {
    let sent = params.sent == "1";
    let given = Given { about: params.about, ..Given::default() };
    page(app, ask, id, (given, Vec::new()), sent).await
}

async fn page(
    app: AppState,
    ask: Ask,
    id: i64,
    (given, faults): (Given, Vec<FieldFault>),
    sent: bool,
) -> Result<Response, Problem> {
    let faulty = !faults.is_empty();
    let copies = if sent || faulty { Copies::Nobody } else { Copies::Anyone };
    let page = Page { copies, ..Page::new(Section::Consult, "portal/consultation.html") };
    let response = app
        .public_page(ask, page, move |_, public| {
            let mut view = view(public, id)?;
            if let Some(form) = &mut view.form {
                (form.given, form.faults) = (given, faults);
            }
            view.sent = sent;
            Ok(Made::new(view.title.clone(), view).faulty(faulty))
        })
        .await?;
    let status = if faulty { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, response).into_response())
}

fn view(public: &Public<'_>, id: i64) -> Result<View, Problem> {
    let (voice, today) = (public.desk.voice, public.app.clock().today());
    let mut session = public.session()?;
    let one = community::get(&mut session, id).map_err(problem)?;
    let comments = community::comments(&mut session, public.app.keys(), id).map_err(problem)?;
    let themes = community::themes(&mut session, id).map_err(problem)?;
    let mut by_element: BTreeMap<&str, i64> = BTreeMap::new();
    for comment in &comments {
        *by_element.entry(&comment.about).or_default() += 1;
    }
    let open = one.is_open(today);
    let days = (one.closes_on - one.opened_on).num_days() + 1;
    let bar = open.then(|| Bar {
        day: (today - one.opened_on).num_days() + 1,
        days,
        from: figures::spoken_date(one.opened_on, voice.lang),
        until: figures::spoken_date(one.closes_on, voice.lang),
    });
    let shortened = (!one.shortened_why.is_empty()).then(|| {
        let args = [("usual", one.usual_days.into()), ("n", days.into()), ("why", one.shortened_why.as_str().into())];
        voice.say("consult-shortened", &args)
    });
    let text = one.content.text.iter().map(|entry| Entry {
        key: entry.key.clone(),
        kind: voice.of(&entry.kind).to_owned(),
        label: voice.of(&entry.label).to_owned(),
        lines: entry.lines.iter().map(|line| voice.of(line).to_owned()).collect(),
        changed: entry.changed,
        n: by_element.get(entry.key.as_str()).copied().unwrap_or(0),
        say: open.then(|| crate::parts::address(&format!("/consult/{id}"), &[("about", &entry.key)]) + "#op"),
    });
    let count = |n: usize| i64::try_from(n).unwrap_or(0);
    Ok(View {
        title: one.title.clone(),
        lead: left(public, &one),
        bar,
        shortened,
        affected: one.content.affected.map(|[people, gain, lose]| {
            let args = [("people", people.into()), ("gain", gain.into()), ("lose", lose.into())];
            voice.say("consult-affected", &args)
        }),
        before: one.content.before.clone(),
        changes: changes(voice, &one),
        text: text.collect(),
        waiting: count(comments.iter().filter(|comment| comment.state == CommentState::Waiting).count()),
        comments: comments.iter().filter_map(|comment| said(voice, &one, comment)).collect(),
        themes: if one.answered_on.is_some() {
            let n = |theme: i64| count(comments.iter().filter(|c| c.theme == Some(theme)).count());
            themes
                .iter()
                .map(|theme| Theme {
                    title: theme.title.clone(),
                    verdict: verdict(voice, theme.verdict),
                    reply: theme.reply.clone(),
                    n: n(theme.id),
                })
                .collect()
        } else {
            Vec::new()
        },
        form: open.then(|| form(voice, &one)),
        sent: false,
    })
}

/// What differs from the plan in force.
#[must_use]
pub fn changes(voice: Voice<'_>, one: &Consultation) -> Vec<Changed> {
    let text = |side: &Option<Bilingual>| side.as_ref().map(|t| voice.of(t).to_owned()).unwrap_or_default();
    let changes = one.content.changes.iter().map(|change| Changed {
        how: match change.how.as_str() {
            "added" => "added",
            "removed" => "removed",
            _ => "changed",
        },
        kind: voice.of(&change.kind).to_owned(),
        label: voice.of(&change.label).to_owned(),
        fields: change
            .fields
            .iter()
            .map(|field| (voice.of(&field.name).to_owned(), text(&field.before), text(&field.after)))
            .collect(),
    });
    changes.collect()
}

/// Adopted, in part, or not.
#[must_use]
pub fn verdict(voice: Voice<'_>, verdict: Verdict) -> Mood {
    let kind = match verdict {
        Verdict::Adopted => "ok",
        Verdict::Partly => "info",
        Verdict::Declined => "no",
    };
    Mood::new(kind, voice.word(&format!("consult-verdict-{}", verdict.name())))
}

/// What a comment is about, in words.
#[must_use]
pub fn about(voice: Voice<'_>, one: &Consultation, comment: &Comment) -> String {
    one.content.label(&comment.about).map_or_else(|| voice.word("consult-whole"), |label| voice.of(label).to_owned())
}

/// A comment once somebody has decided about it.
fn said(voice: Voice<'_>, one: &Consultation, comment: &Comment) -> Option<Said> {
    let text = match comment.state {
        CommentState::Waiting => return None,
        CommentState::Shown => Some(comment.text.clone()),
        CommentState::Withheld => None,
    };
    let name = match text {
        Some(_) if !comment.name.is_empty() => comment.name.clone(),
        _ => voice.word("consult-anonymous"),
    };
    Some(Said {
        id: comment.id,
        name,
        about: about(voice, one, comment),
        why: comment.withheld_why.clone(),
        text,
        day: china_minute(comment.received_at).chars().take(10).collect(),
    })
}

fn form(voice: Voice<'_>, one: &Consultation) -> CommentForm {
    let whole = (String::new(), voice.word("consult-whole"));
    let text = one.content.text.iter().map(|entry| (entry.key.clone(), voice.of(&entry.label).to_owned()));
    CommentForm {
        action: format!("/consult/{}/comments", one.id),
        abouts: std::iter::once(whole).chain(text).collect(),
        given: Given::default(),
        faults: Vec::new(),
    }
}

/// `POST /consult/{consultation}/comments`
pub async fn send(
    State(app): State<AppState>,
    ask: Ask,
    Path(id): Path<i64>,
    Form(given): Form<Given>,
) -> Result<Response, Problem> {
    let (filled, lang) = (given.clone(), ask.lang);
    let done = app
        .work(move |app| {
            let new =
                NewComment { about: &filled.about, text: &filled.text, name: &filled.name, contact: &filled.contact };
            let now = (app.clock().now(), app.clock().today());
            match community::comment(&mut app.session()?, app.keys(), id, &new, now) {
                Ok(_) => Ok(Vec::new()),
                Err(CommunityError::Texts(faults)) => Ok(told(app, lang, &faults)),
                Err(other) => Err(problem(other)),
            }
        })
        .await?;
    if done.is_empty() {
        return Ok(Redirect::to(&ask.href(&format!("/consult/{id}?sent=1#op"))).into_response());
    }
    page(app, ask, id, (given, done), false).await
}

/// Faults of a form in the reader's language.
#[must_use]
pub fn told(app: &AppState, lang: Lang, faults: &[TextFault]) -> Vec<FieldFault> {
    let voice = app.renderer().voice(lang);
    let cause = |fault: &TextFault| {
        let field = voice.word(&format!("community-field-{}", fault.field().name()));
        match fault {
            TextFault::Missing(_) => voice.say("community-missing", &[("field", field.into())]),
            TextFault::TooLong { most, .. } => {
                let most = i64::try_from(*most).unwrap_or(0);
                voice.say("community-too-long", &[("field", field.into()), ("n", most.into())])
            }
            TextFault::OutOfRange(_) => voice.say("community-out-of-range", &[("field", field.into())]),
        }
    };
    faults.iter().map(|fault| FieldFault { field: fault.field().name().to_owned(), cause: cause(fault) }).collect()
}

/// What goes wrong in this room, as pages say it.
pub fn problem(fault: CommunityError) -> Problem {
    match fault {
        CommunityError::NotFound => Problem::NotFound,
        CommunityError::Closed
        | CommunityError::StillOpen
        | CommunityError::Done
        | CommunityError::NotAllDecided { .. } => Problem::Conflict,
        other => Problem::internal(other),
    }
}
