//! Making a bond, a code, an end: each is done on the word of whoever sits at the desk, and written down.

use std::sync::Arc;

use accounts::authz::{Kind, Relation};
use accounts::family::{NewBond, Spoke};
use accounts::users::NewUser;
use accounts::{AccountsError, Actor};
use axum::Form;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::{DivisionLevel, Lang, PersonId, UserId, china_minute};
use serde::{Deserialize, Serialize};

use super::{Given, page, read, scope_label};
use crate::desk::Desk;
use crate::edge::{Ask, Problem};
use crate::frame::{Rail, qr};
use crate::opened::Opened;
use crate::pages::admin::{LinkShown, origin, shown};
use crate::state::AppState;

/// A new family account's link.
#[derive(Clone, Debug, Serialize)]
pub struct Made {
    pub name: String,
    pub username: String,
    pub href: String,
    pub link: LinkShown,
    pub waits: bool,
}

/// What came of a form: a page of its own, the list again, or something to mend.
enum Came {
    Page(Box<Response>),
    Back,
    Mend(String),
}

/// What the township can mend, in words; what nobody at a page can, as a problem.
fn mend(fault: AccountsError, lang: Lang) -> Result<Came, Problem> {
    match fault {
        AccountsError::NotAllowed(decision) => Err(Problem::NotAllowed(Arc::new(decision))),
        AccountsError::NoBond(_) => Err(Problem::NotFound),
        AccountsError::Store(_)
        | AccountsError::Audit(_)
        | AccountsError::Seal { .. }
        | AccountsError::Damaged { .. } => Err(Problem::internal(fault)),
        other => Ok(Came::Mend(other.say(lang))),
    }
}

/// `POST /d/people/{person}/bonds`: binds an account, which is made first when there is none.
pub async fn make(
    State(app): State<AppState>,
    ask: Ask,
    Path(person): Path<String>,
    headers: HeaderMap,
    Form(given): Form<Given>,
) -> Result<Response, Problem> {
    let (person, asked, typed) = (read(&person)?, ask.clone(), given.clone());
    let came = app.open_night(&ask, move |opened| bind(opened, &asked, person, &headers, &typed)).await?;
    answer(app, ask, person, given, came).await
}

async fn answer(app: AppState, ask: Ask, person: PersonId, given: Given, came: Came) -> Result<Response, Problem> {
    match came {
        Came::Page(page) => Ok(*page),
        Came::Back => Ok(Redirect::to(&ask.href(&format!("{}/bonds", Desk::person_href(person)))).into_response()),
        Came::Mend(fault) => page(app, ask, person, given, Some(fault)).await,
    }
}

fn bind(opened: &Opened<'_>, ask: &Ask, person: PersonId, headers: &HeaderMap, given: &Given) -> Result<Came, Problem> {
    opened.demand("bond.make", person)?;
    opened.desk.row(person).ok_or(Problem::NotFound)?;
    let (Some(signed), Some(door)) = (opened.viewer.signed(), opened.app.door()) else { return Err(Problem::NotFound) };
    let (actor, lang) = (Actor::User(&signed.principal), ask.lang);
    let word = |key: &str| Ok(Came::Mend(opened.desk.voice.word(key)));
    let Some(relation) = Relation::read(&given.relation) else { return word("bonds-no-relation") };
    let Some(spoke) = Spoke::read(&given.spoke) else { return word("bonds-no-spoke") };
    let home = opened.desk.home(person);
    let bond = |account| NewBond {
        account,
        person,
        division: home,
        relation,
        scopes: given.scopes(),
        means: given.means.clone(),
        spoke,
    };
    let accounts = &door.accounts;
    if !given.account.trim().is_empty() {
        let found = opened.ask(|session| accounts.find(session, given.account.trim()))?;
        let Some(account) = found else { return word("bonds-no-account") };
        let made = opened.try_ask(|session| Ok(accounts.bind(session, actor, &bond(account))))?;
        return made.map(|_| Came::Back).or_else(|fault| mend(fault, lang));
    }
    // An account belongs where the elder lives, so that the township that binds it can also see to it.
    let township = home.and_then(|home| home.at(DivisionLevel::Township).or(Some(home)));
    let Some(division) = township else { return word("bonds-no-home") };
    let new = NewUser {
        username: given.username.clone(),
        kind: Kind::Family,
        display_name: given.name.clone(),
        phone: Some(given.phone.clone()).filter(|phone| !phone.trim().is_empty()),
        division,
        grants: Vec::new(),
    };
    let made = opened.try_ask(|session| Ok(accounts.invite_and_bind(session, actor, &new, &bond(UserId(0)))))?;
    let link = match made {
        Ok(link) => link,
        Err(fault) => return mend(fault, lang),
    };
    let view = Made {
        name: new.display_name.trim().to_owned(),
        username: new.username.trim().to_lowercase(),
        href: format!("{}/bonds", Desk::person_href(person)),
        link: shown(opened.app, headers, &link)?,
        waits: false,
    };
    page_of(opened, ask, "admin/link.html", "invite-made-title", person, &view)
}

fn page_of<V: Serialize>(
    opened: &Opened<'_>,
    ask: &Ask,
    template: &str,
    title: &str,
    person: PersonId,
    view: &V,
) -> Result<Came, Problem> {
    let shell = ask.shell(Rail::People, opened.desk.voice.word(title));
    let mut shell = shell.via(opened.desk.masked_name(person), Desk::person_href(person));
    if let (Some(signed), Some(door)) = (opened.viewer.signed(), opened.app.door()) {
        let authz = door.accounts.authz();
        shell = shell.seen_by(&signed.display_name, |permission| authz.holds(&signed.principal, permission));
    }
    Ok(Came::Page(Box::new(opened.app.page(ask, template, &shell, view)?)))
}

/// The elder's code, to be printed and read out.
#[derive(Clone, Debug, Serialize)]
pub struct CodeShown {
    pub name: String,
    pub code: String,
    pub until: String,
    pub scopes: Vec<String>,
    pub address: String,
    pub qr: qr::Drawn,
    pub href: String,
}

/// `POST /d/people/{person}/bonds/code`
pub async fn code(
    State(app): State<AppState>,
    ask: Ask,
    Path(person): Path<String>,
    headers: HeaderMap,
    Form(given): Form<Given>,
) -> Result<Response, Problem> {
    let (person, asked, typed) = (read(&person)?, ask.clone(), given.clone());
    let came = app
        .open_night(&ask, move |opened| {
            opened.demand("bond.make", person)?;
            opened.desk.row(person).ok_or(Problem::NotFound)?;
            let (Some(signed), Some(door)) = (opened.viewer.signed(), opened.app.door()) else {
                return Err(Problem::NotFound);
            };
            let (actor, scopes) = (Actor::User(&signed.principal), typed.scopes());
            let whom = (person, opened.desk.home(person));
            let made = opened.try_ask(|session| Ok(door.accounts.issue_elder_code(session, actor, whom, &scopes)))?;
            let code = match made {
                Ok(code) => code,
                Err(fault) => return mend(fault, asked.lang),
            };
            let address = format!("{}/register", origin(opened.app, &headers));
            let view = CodeShown {
                name: opened.desk.masked_name(person),
                code: code.code,
                until: china_minute(code.ends_at),
                scopes: scopes.iter().map(|scope| scope_label(opened, scope)).collect(),
                qr: qr::drawn(&address)?,
                address,
                href: format!("{}/bonds", Desk::person_href(person)),
            };
            page_of(opened, &asked, "people/code.html", "bonds-code-title", person, &view)
        })
        .await?;
    answer(app, ask, person, given, came).await
}

#[derive(Deserialize)]
pub struct End {
    #[serde(default)]
    means: String,
    #[serde(default)]
    spoke: String,
}

/// `POST /d/people/{person}/bonds/{bond}/end`
pub async fn end(
    State(app): State<AppState>,
    ask: Ask,
    Path((person, bond)): Path<(String, i64)>,
    Form(given): Form<End>,
) -> Result<Response, Problem> {
    let (person, lang) = (read(&person)?, ask.lang);
    let came = app
        .open_night(&ask, move |opened| {
            opened.demand("bond.end", person)?;
            let (Some(signed), Some(door)) = (opened.viewer.signed(), opened.app.door()) else {
                return Err(Problem::NotFound);
            };
            let Some(spoke) = Spoke::read(&given.spoke) else {
                return Ok(Came::Mend(opened.desk.voice.word("bonds-no-spoke")));
            };
            let actor = Actor::User(&signed.principal);
            let whom = (bond, opened.desk.home(person));
            let done =
                opened.try_ask(|session| Ok(door.accounts.end_bond(session, actor, whom, &given.means, spoke)))?;
            done.map(|()| Came::Back).or_else(|fault| mend(fault, lang))
        })
        .await?;
    answer(app, ask, person, Given::default(), came).await
}
