//! How far an application is: for whoever acts for the elder, and for anyone who holds its number and the last digits
//! of the ID.

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use benefits::{Deed, Matter, State as Stage};
use kernel::PersonId;
use serde::{Deserialize, Serialize};

use super::admitted;
use super::apply::{by, office, told};
use crate::desk::Desk;
use crate::edge::{Ask, FieldFault, Problem};
use crate::frame::Section;
use crate::opened::Opened;
use crate::pages::portal::answered::tile;
use crate::pages::sign_in::{self, From, source};
use crate::parts::Mood;
use crate::public::{Made, Page};
use crate::state::AppState;

/// A matter as families and strangers with its number see it.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub number: String,
    pub tile: String,
    pub label: String,
    /// Masked; empty for who is not signed in.
    pub name: String,
    pub mood: Mood,
    /// What comes next, in words; empty: nothing.
    pub next: String,
    pub due: Option<String>,
    pub events: Vec<Line>,
    pub appeal: String,
    pub withdraw: Option<String>,
    pub back: Option<String>,
    pub fresh: bool,
}

/// One thing that was done.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    pub day: String,
    pub what: String,
    pub words: String,
}

/// In a list of matters.
#[derive(Clone, Debug, Serialize)]
pub struct Brief {
    pub href: String,
    pub label: String,
    pub number: String,
    pub mood: Mood,
}

#[derive(Debug, Default, Deserialize)]
pub struct Params {
    #[serde(default)]
    new: String,
}

/// The matters of an elder, the newest first.
///
/// # Errors
/// Those of the database.
pub fn of_person(opened: &Opened<'_>, person: PersonId) -> Result<Vec<Brief>, Problem> {
    let all = opened.ask(|session| benefits::of_person(session, person))?;
    let filed = all.into_iter().filter(|matter| matter.filed_on.is_some());
    Ok(filed
        .map(|matter| Brief {
            href: format!("/me/{person}/matters/{}", matter.number),
            label: opened.desk.rule_label(&matter.rule),
            mood: mood(&opened.desk, &matter),
            number: matter.number,
        })
        .collect())
}

fn mood(desk: &Desk<'_>, matter: &Matter) -> Mood {
    let kind = match matter.state {
        Stage::Granted | Stage::Delivered => "ok",
        Stage::Refused | Stage::Declined => "no",
        Stage::Withdrawn | Stage::Ended => "mute",
        _ => "info",
    };
    Mood::new(kind, desk.voice.word(&format!("follow-state-{}", matter.state.name())))
}

/// `GET /me/{person}/matters/{number}`
pub async fn show(
    State(app): State<AppState>,
    ask: Ask,
    Path((person, number)): Path<(String, String)>,
    Query(params): Query<Params>,
) -> Result<Response, Problem> {
    let person: PersonId = person.parse().map_err(|_| Problem::NotFound)?;
    app.own_page(ask, Page::new(Section::Me, "portal/matter.html"), move |_, opened| {
        admitted(opened, "application.see", person)?;
        let matter = own(opened, person, &number)?;
        let mut view = view(opened, &matter)?;
        view.name = opened.desk.masked_name(person);
        view.back = Some(format!("/me/{person}"));
        view.fresh = params.new == "1";
        let open = Stage::after(Some(matter.state), Deed::Withdraw).is_some();
        let may = open && opened.demand("application.file", person).is_ok();
        view.withdraw = may.then(|| format!("/me/{person}/matters/{number}/withdraw"));
        let title = opened.desk.voice.say("follow-title", &[("benefit", view.label.clone().into())]);
        Ok(Made::new(title, view))
    })
    .await
}

/// The matter of that number when it is this person's.
fn own(opened: &Opened<'_>, person: PersonId, number: &str) -> Result<Matter, Problem> {
    let all = opened.ask(|session| benefits::of_person(session, person))?;
    all.into_iter().find(|matter| matter.number == number).ok_or(Problem::NotFound)
}

fn view(opened: &Opened<'_>, matter: &Matter) -> Result<View, Problem> {
    let desk = &opened.desk;
    let history = opened.ask(|session| benefits::history(session, opened.keys(), matter.id))?;
    let rule = desk.pack.rule(&matter.rule);
    let process = rule.and_then(|rule| rule.benefit()).and_then(|benefit| benefit.process.as_ref());
    let events = history.iter().filter(|event| event.is_public()).map(|event| Line {
        day: event.on.to_string(),
        what: desk.voice.word(&format!("follow-deed-{}", event.deed.name())),
        words: match event.deed {
            Deed::Refuse | Deed::ConfirmStop => event.written.words.clone(),
            _ => String::new(),
        },
    });
    let next = matter.step.as_deref().map(|step| desk.voice.word(&format!("follow-step-{step}"))).unwrap_or_default();
    Ok(View {
        number: matter.number.clone(),
        tile: rule.map(|rule| tile(desk, rule)).unwrap_or_default(),
        label: desk.rule_label(&matter.rule),
        name: String::new(),
        mood: mood(desk, matter),
        next,
        due: matter.due_on.map(|due| due.to_string()),
        events: events.collect(),
        appeal: match (matter.state, process.and_then(|process| process.appeal.as_ref())) {
            (Stage::Refused | Stage::Ended, Some(text)) => desk.voice.of(text).to_owned(),
            _ => String::new(),
        },
        withdraw: None,
        back: None,
        fresh: false,
    })
}

/// `POST /me/{person}/matters/{number}/withdraw`
pub async fn withdraw(
    State(app): State<AppState>,
    ask: Ask,
    Path((person, number)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let id: PersonId = person.parse().map_err(|_| Problem::NotFound)?;
    let back = ask.href(&format!("/me/{id}/matters/{number}"));
    app.open_night(&ask, move |opened| {
        admitted(opened, "application.file", id)?;
        let matter = own(opened, id, &number)?;
        let actor = opened.viewer.actor();
        let by = by(opened, id, &actor);
        let office = office(opened);
        opened.try_ask(|session| match session.transaction(|tx| office.withdraw(tx, matter.id, &by, "")) {
            Ok(_) => Ok(()),
            Err(fault) => {
                told(opened, fault)?;
                Err(Problem::Conflict)
            }
        })
    })
    .await?;
    Ok(Redirect::to(&back).into_response())
}

/// The form that follows a matter without signing in.
#[derive(Clone, Debug, Serialize)]
pub struct Follow {
    pub number: String,
    pub faults: Vec<FieldFault>,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    number: String,
    #[serde(default)]
    digits: String,
}

/// `GET /orders`
pub async fn follow(State(app): State<AppState>, ask: Ask) -> Result<Response, Problem> {
    form(app, ask, String::new(), Vec::new()).await
}

async fn form(app: AppState, ask: Ask, number: String, faults: Vec<FieldFault>) -> Result<Response, Problem> {
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = app
        .public_page(ask, Page::new(Section::Me, "portal/follow.html").unkept(), move |_, public| {
            let faulty = !faults.is_empty();
            Ok(Made::new(public.desk.voice.word("follow-form-title"), Follow { number, faults }).faulty(faulty))
        })
        .await?;
    Ok((status, page).into_response())
}

/// `POST /orders`: number and digits go in the body, so that neither stands in a log or a history. A wrong number and
/// wrong digits are answered alike, after the same work.
pub async fn find(
    State(app): State<AppState>,
    ask: Ask,
    from: From,
    Form(asked): Form<Asked>,
) -> Result<Response, Problem> {
    let (number, lang, by) = (asked.number.clone(), ask.lang, source(&from));
    let found = app
        .open_night(&ask, move |opened| {
            let matter = opened.ask(|session| benefits::by_number(session, &asked.number))?;
            let number = matter.as_ref().map_or(&asked.number, |matter| &matter.number);
            // Counted where people sign in; as long as nobody does, the pages answer this machine alone.
            let counted = opened
                .try_ask(|session| Ok(opened.app.door().map(|door| door.accounts.count_guess(session, number, &by))))?;
            let guess = match counted.transpose() {
                Ok(guess) => guess,
                Err(fault) => return Ok(Err(fault)),
            };
            // Somebody's identity is opened in any case, so that the time tells nothing.
            let person = matter.as_ref().map_or(PersonId(1), |matter| matter.person);
            let identity = opened.ask(|session| registry::people::identity(session, opened.keys(), person))?;
            let digits = asked.digits.trim().to_uppercase();
            let known = identity.map(|who| last_four(&who.id_number)).unwrap_or_default();
            let fits = digits.chars().count() == 4 && known == digits;
            let Some(matter) = matter.filter(|matter| fits && matter.filed_on.is_some()) else { return Ok(Ok(None)) };
            if let (Some(door), Some(guess)) = (opened.app.door(), guess) {
                opened.ask(|session| door.accounts.guessed_right(session, &guess))?;
            }
            view(opened, &matter).map(|view| Ok(Some(view)))
        })
        .await?;
    match found {
        Ok(Some(view)) => {
            app.public_page(ask, Page::new(Section::Me, "portal/matter.html").unkept(), move |_, public| {
                let title = public.desk.voice.say("follow-title", &[("benefit", view.label.clone().into())]);
                Ok(Made::new(title, view))
            })
            .await
        }
        Ok(None) => {
            let cause = app.renderer().voice(lang).word("follow-not-found");
            form(app, ask, number, vec![FieldFault { field: "number".into(), cause }]).await
        }
        Err(fault) => {
            let cause = sign_in::told(&app, &ask, fault)?;
            let mut response = form(app, ask, number, vec![FieldFault { field: "number".into(), cause }]).await?;
            *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
            Ok(response)
        }
    }
}

fn last_four(number: &str) -> String {
    let skip = number.chars().count().saturating_sub(4);
    number.chars().skip(skip).collect::<String>().to_uppercase()
}
