//! Whose matters one may look after, and what became of one's own messages.

use accounts::authz::Relation;
use axum::extract::State;
use axum::response::Response;
use serde::Serialize;

use crate::edge::{Ask, Problem};
use crate::frame::Section;
use crate::opened::Opened;
use crate::pages::portal::consult::problem;
use crate::public::{Made, Page};
use crate::state::AppState;
use kernel::china_minute;

/// What the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub name: String,
    pub people: Vec<Cared>,
    pub messages: Vec<Sent>,
    /// Staff have their own entrance.
    pub staff: bool,
}

/// An elder one acts for, or oneself.
#[derive(Clone, Debug, Serialize)]
pub struct Cared {
    pub href: String,
    pub name: String,
    pub own: bool,
    pub place: String,
    /// What the elder agreed to, in words.
    pub scopes: String,
}

/// A message one sent.
#[derive(Clone, Debug, Serialize)]
pub struct Sent {
    pub kind: String,
    pub about: String,
    pub text: String,
    pub day: String,
    pub outcome: Option<String>,
}

/// `GET /me`
pub async fn show(State(app): State<AppState>, ask: Ask) -> Result<Response, Problem> {
    app.own_page(ask, Page::new(Section::Me, "portal/me.html"), |_, opened| {
        let view = view(opened)?;
        Ok(Made::new(opened.desk.voice.word("me-title"), view))
    })
    .await
}

fn view(opened: &Opened<'_>) -> Result<View, Problem> {
    let (Some(signed), Some(door)) = (opened.viewer.signed(), opened.app.door()) else {
        return Ok(View { name: String::new(), people: Vec::new(), messages: Vec::new(), staff: false });
    };
    let (desk, authz) = (&opened.desk, door.accounts.authz());
    let scope_word = |id: &String| {
        let known = authz.consent_scopes.iter().find(|scope| scope.id == *id);
        known.map_or_else(|| id.clone(), |scope| desk.voice.of(&scope.label).to_owned())
    };
    let people = signed.principal.ties.iter().map(|tie| {
        let scopes: Vec<String> = tie.scopes.iter().map(scope_word).collect();
        Cared {
            href: format!("/me/{}", tie.person),
            name: desk.masked_name(tie.person),
            own: tie.relation == Relation::Own,
            place: desk.home_said(tie.person),
            scopes: desk.voice.join(&scopes),
        }
    });
    let messages =
        opened.try_ask(|session| community::messages_of(session, opened.keys(), signed.user).map_err(problem))?;
    let messages = messages.iter().map(|message| Sent {
        kind: desk.voice.word(&format!("messages-kind-{}", message.kind.name())),
        about: match message.kind {
            community::MessageKind::Correction => desk.label("person", &message.about),
            _ => desk.pack.rule(&message.about).map(|rule| desk.voice.of(&rule.label).to_owned()).unwrap_or_default(),
        },
        text: message.text.clone(),
        day: china_minute(message.received_at).chars().take(10).collect(),
        outcome: message.done.as_ref().map(|(_, _, outcome)| outcome.clone()),
    });
    Ok(View {
        name: signed.display_name.clone(),
        people: people.collect(),
        messages: messages.collect(),
        staff: !signed.principal.grants.is_empty(),
    })
}
