//! Ask to be called, ask a person to look again, say what is hard to use: a number or a few words, and a place.

use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use community::{CommunityError, MessageKind, NewMessage};
use kernel::DivisionCode;
use serde::{Deserialize, Serialize};

use super::consult::told;
use crate::edge::{Ask, FieldFault, Problem};
use crate::frame::Section;
use crate::public::{Made, Page, Public};
use crate::state::AppState;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub title: String,
    /// What it is about, in words.
    pub about: String,
    pub page: bool,
    /// Code and name.
    pub places: Vec<(String, String)>,
    pub given: Given,
    pub faults: Vec<FieldFault>,
    pub sent: bool,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Given {
    #[serde(default)]
    pub about: String,
    #[serde(default)]
    pub place: String,
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

/// What a message speaks of when it is no benefit: this very website, a result.
const PAGE: &str = "page";
const RESULT: &str = "result";

/// `GET /callback`
pub async fn show(State(app): State<AppState>, ask: Ask, Query(params): Query<Params>) -> Result<Response, Problem> {
    let given = Given { about: params.about, ..Given::default() };
    page(app, ask, given, Vec::new(), params.sent == "1").await
}

async fn page(app: AppState, ask: Ask, given: Given, faults: Vec<FieldFault>, sent: bool) -> Result<Response, Problem> {
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = Page::new(Section::Nowhere, "portal/callback.html").unkept();
    let response = app
        .public_page(ask, page, move |_, public| {
            let faulty = !faults.is_empty();
            let view = view(public, given, faults, sent);
            Ok(Made::new(view.title.clone(), view).faulty(faulty))
        })
        .await?;
    Ok((status, response).into_response())
}

fn view(public: &Public<'_>, given: Given, faults: Vec<FieldFault>, sent: bool) -> View {
    let desk = &public.desk;
    let about = match given.about.as_str() {
        RESULT => desk.voice.word("callback-about-result"),
        rule => desk.pack.rule(rule).map(|rule| desk.voice.of(&rule.label).to_owned()).unwrap_or_default(),
    };
    let page = given.about == PAGE;
    let counties = desk.pack.roots.iter().flat_map(|root| desk.pack.divisions.children(*root));
    let places = counties.flat_map(|county| {
        let own = std::iter::once((county.code.to_string(), county.name.clone()));
        let below = desk.pack.divisions.children(county.code);
        own.chain(below.map(move |town| (town.code.to_string(), format!("{} {}", county.name, town.name))))
    });
    let title = desk.voice.word(if page { "callback-title-page" } else { "callback-title" });
    View { title, about, page, places: places.collect(), given, faults, sent }
}

/// `POST /callback`
pub async fn send(State(app): State<AppState>, ask: Ask, Form(given): Form<Given>) -> Result<Response, Problem> {
    let (filled, lang) = (given.clone(), ask.lang);
    let done = app
        .open_public(&ask, move |public| {
            let division = filled.place.parse::<DivisionCode>().ok().filter(|code| public.desk.is_ours(*code));
            let kind = if filled.about == PAGE { MessageKind::Feedback } else { MessageKind::Callback };
            let new = NewMessage {
                kind,
                about: &filled.about,
                person: None,
                account: public.viewer.signed().map(|signed| signed.user),
                division,
                text: &filled.text,
                name: &filled.name,
                contact: &filled.contact,
            };
            let now = public.app.clock().now();
            match community::send(&mut public.session()?, public.app.keys(), &new, now) {
                Ok(_) => Ok(Vec::new()),
                Err(CommunityError::Texts(faults)) => Ok(told(public.app, lang, &faults)),
                Err(other) => Err(super::consult::problem(other)),
            }
        })
        .await?;
    if done.is_empty() {
        let about = if given.about == PAGE { PAGE } else { "" };
        let back = crate::parts::address("/callback", &[("about", about), ("sent", "1")]);
        return Ok(Redirect::to(&ask.href(&back)).into_response());
    }
    page(app, ask, given, done, false).await
}
