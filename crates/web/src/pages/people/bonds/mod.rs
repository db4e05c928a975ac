//! Who acts for an elder: bonds made face to face with a recorded consent, the elder's one-time code, and their end.

mod act;

use accounts::Actor;
use accounts::authz::Relation;
use accounts::family::{Bond, ConsentLine, Spoke};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::{PersonId, china_minute};
use serde::{Deserialize, Serialize};

pub use act::{code, end, make};

use crate::desk::Desk;
use crate::edge::{Ask, Problem};
use crate::frame::Rail;
use crate::opened::Opened;
use crate::state::AppState;

#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub headline: String,
    pub href: String,
    pub bonds: Vec<BondShown>,
    pub consents: Vec<ConsentShown>,
    /// None: the viewer may look only.
    pub form: Option<FormShown>,
    pub may_end: bool,
    pub fault: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct BondShown {
    pub name: String,
    pub username: String,
    pub relation: String,
    pub scopes: Vec<String>,
    pub made: String,
    pub made_by: String,
    pub ended: Option<String>,
    pub end_action: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct ConsentShown {
    pub at: String,
    pub given: bool,
    pub scopes: String,
    pub means: String,
    pub spoke: String,
    pub text: String,
    pub by: String,
}

/// What the township fills in.
#[derive(Clone, Debug, Serialize)]
pub struct FormShown {
    pub action: String,
    pub code_action: String,
    /// The words to read out.
    pub text: String,
    pub version: String,
    pub scopes: Vec<Scope>,
    pub means: Vec<(String, String)>,
    pub relations: Vec<(String, String)>,
    pub spoke: Vec<(String, String)>,
    pub given: Given,
}

#[derive(Clone, Debug, Serialize)]
pub struct Scope {
    pub id: String,
    pub label: String,
    pub text: String,
    pub chosen: bool,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Given {
    /// User name or phone of a family account that stands.
    pub account: String,
    pub name: String,
    pub username: String,
    pub phone: String,
    pub relation: String,
    pub means: String,
    pub spoke: String,
    pub see: String,
    pub order: String,
    pub apply: String,
}

impl Given {
    fn scopes(&self) -> Vec<String> {
        let all = [("see", &self.see), ("order", &self.order), ("apply", &self.apply)];
        all.iter().filter(|(_, ticked)| *ticked == "yes").map(|(id, _)| (*id).to_owned()).collect()
    }
}

/// `GET /d/people/{person}/bonds`
pub async fn show(State(app): State<AppState>, ask: Ask, Path(person): Path<String>) -> Result<Response, Problem> {
    page(app, ask, read(&person)?, Given::default(), None).await
}

fn read(person: &str) -> Result<PersonId, Problem> {
    person.parse().map_err(|_| Problem::NotFound)
}

async fn page(
    app: AppState,
    ask: Ask,
    person: PersonId,
    given: Given,
    fault: Option<String>,
) -> Result<Response, Problem> {
    let status = if fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = app
        .night_page(ask, "people/bonds.html", move |ask, opened| {
            let view = view(opened, person, given, fault)?;
            let shell = ask.shell(Rail::People, opened.desk.voice.word("bonds-title"));
            Ok((shell.via(opened.desk.masked_name(person), Desk::person_href(person)), view))
        })
        .await?;
    Ok((status, page).into_response())
}

fn view(opened: &Opened<'_>, person: PersonId, given: Given, fault: Option<String>) -> Result<View, Problem> {
    opened.demand("bond.see", person)?;
    opened.desk.row(person).ok_or(Problem::NotFound)?;
    let door = opened.app.door().ok_or(Problem::NotFound)?;
    let whom = (person, opened.desk.home(person));
    let bonds = opened.ask(|session| door.accounts.bonds_of_person(session, Actor::Command, whom))?;
    let consents = opened.ask(|session| door.accounts.consents_of(session, Actor::Command, whom))?;
    let bonds = bonds.iter().map(|bond| bond_shown(opened, person, bond)).collect::<Result<_, _>>()?;
    let consents = consents.iter().rev().map(|line| consent_shown(opened, line)).collect::<Result<_, _>>()?;
    let form = match opened.demand("bond.make", person) {
        Ok(()) => Some(form(opened, person, given)?),
        Err(_) => None,
    };
    Ok(View {
        headline: opened.desk.voice.say("bonds-headline", &[("name", opened.desk.masked_name(person).into())]),
        href: Desk::person_href(person),
        bonds,
        consents,
        form,
        may_end: opened.demand("bond.end", person).is_ok(),
        fault,
    })
}

fn bond_shown(opened: &Opened<'_>, person: PersonId, bond: &Bond) -> Result<BondShown, Problem> {
    let door = opened.app.door().ok_or(Problem::NotFound)?;
    let user = opened.ask(|session| door.accounts.user(session, bond.account))?;
    Ok(BondShown {
        name: user.display_name,
        username: user.username,
        relation: relation(opened, bond.relation),
        scopes: bond.scopes.iter().map(|scope| scope_label(opened, scope)).collect(),
        made: china_minute(bond.made_at),
        made_by: who(opened, &bond.made_by),
        ended: bond.ended_at.map(china_minute),
        end_action: format!("{}/bonds/{}/end", Desk::person_href(person), bond.id),
    })
}

fn consent_shown(opened: &Opened<'_>, line: &ConsentLine) -> Result<ConsentShown, Problem> {
    let authz = opened.app.door().ok_or(Problem::NotFound)?.accounts.authz();
    let voice = opened.desk.voice;
    let scopes: Vec<String> = line.scopes.iter().map(|scope| scope_label(opened, scope)).collect();
    let means = authz.means.iter().find(|means| means.id == line.means);
    Ok(ConsentShown {
        at: china_minute(line.at),
        given: line.verdict.name() == "given",
        scopes: voice.join(&scopes),
        means: means.map_or_else(|| line.means.clone(), |means| voice.of(&means.label).to_owned()),
        spoke: spoke(opened, line.spoke),
        text: format!("{} {}", line.text_id, line.text_version),
        by: who(opened, &line.recorded_by),
    })
}

fn form(opened: &Opened<'_>, person: PersonId, given: Given) -> Result<FormShown, Problem> {
    let door = opened.app.door().ok_or(Problem::NotFound)?;
    let (authz, voice) = (door.accounts.authz(), opened.desk.voice);
    let text = door.accounts.consent_text(opened.app.clock().today()).map_err(Problem::internal)?;
    let chosen = given.scopes();
    let scopes = authz.consent_scopes.iter().map(|scope| Scope {
        id: scope.id.clone(),
        label: voice.of(&scope.label).to_owned(),
        text: voice.of(&scope.text).to_owned(),
        chosen: chosen.contains(&scope.id),
    });
    // What the desk can see with its own eyes; the elder's code and the platform speak for themselves.
    let means = authz.means.iter().filter(|means| !["elder_code", "online"].contains(&means.id.as_str()));
    let href = Desk::person_href(person);
    Ok(FormShown {
        action: format!("{href}/bonds"),
        code_action: format!("{href}/bonds/code"),
        text: voice.of(&text.words).to_owned(),
        version: format!("{} {}", text.id, text.version),
        scopes: scopes.collect(),
        means: means.map(|means| (means.id.clone(), voice.of(&means.label).to_owned())).collect(),
        relations: Relation::ALL.iter().map(|one| (one.name().to_owned(), relation(opened, *one))).collect(),
        spoke: [Spoke::Elder, Spoke::Guardian].map(|one| (one.name().to_owned(), spoke(opened, one))).into(),
        given,
    })
}

fn relation(opened: &Opened<'_>, relation: Relation) -> String {
    opened.desk.voice.word(&format!("tie-{}", relation.name()))
}

fn spoke(opened: &Opened<'_>, spoke: Spoke) -> String {
    opened.desk.voice.word(&format!("spoke-{}", spoke.name()))
}

fn scope_label(opened: &Opened<'_>, scope: &str) -> String {
    let door = opened.app.door();
    let known = door.and_then(|door| door.accounts.authz().consent_scopes.iter().find(|known| known.id == scope));
    known.map_or_else(|| scope.to_owned(), |known| opened.desk.voice.of(&known.label).to_owned())
}

fn who(opened: &Opened<'_>, actor: &str) -> String {
    let user = actor.strip_prefix(kernel::UserId::PREFIX).and_then(|digits| digits.parse().ok()).map(kernel::UserId);
    let name = user.zip(opened.app.door()).and_then(|(user, door)| {
        opened.ask(|session| door.accounts.user(session, user)).ok().map(|user| user.display_name)
    });
    name.unwrap_or_else(|| actor.to_owned())
}
